import { expect } from "chai";
import { measurePair, ratiosOf, spreadOf } from "../../bench/ratios";

describe("ratios", () => {
  it("have the middle value as their median, or the mean of the two in the middle", () => {
    expect(spreadOf([10, 9, 2])).to.deep.equal({ median: 9, minimum: 2, maximum: 10 });
    expect(spreadOf([10, 1, 4, 2])).to.deep.equal({ median: 3, minimum: 1, maximum: 10 });
  });

  it("are those of each pair, not that of the medians", () => {
    const pairs = [
      { numerator: 2, denominator: 1 },
      { numerator: 30, denominator: 10 },
      { numerator: 3, denominator: 3 },
    ];
    expect(ratiosOf(pairs)).to.deep.equal({ median: 2, minimum: 1, maximum: 3 });
  });

  it("cannot be made of nothing", () => {
    expect(() => spreadOf([])).to.throw(RangeError);
  });

  it("come from pairs that change turns", async () => {
    const order: string[] = [];
    const take = (name: string) => () => Promise.resolve(order.push(name));
    for (const round of [0, 1]) {
      await measurePair(round, take(`numerator ${round}`), take(`denominator ${round}`));
    }
    expect(order).to.deep.equal(["numerator 0", "denominator 0", "denominator 1", "numerator 1"]);
  });
});
