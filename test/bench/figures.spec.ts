import { expect } from "chai";
import {
  latenciesOf,
  measureLatencies,
  measurePair,
  ratiosOf,
  spreadOf,
} from "../../bench/figures";

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

describe("latencies", () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => count - index);

  it("are told by what half of the answers and 95 of 100 took at most", () => {
    expect(latenciesOf(upTo(100))).to.deep.equal({ median: 50, p95: 95, count: 100 });
    expect(latenciesOf(upTo(10))).to.deep.equal({ median: 5, p95: 10, count: 10 });
    expect(latenciesOf([7])).to.deep.equal({ median: 7, p95: 7, count: 1 });
  });

  it("cannot be made of nothing", () => {
    expect(() => latenciesOf([])).to.throw(RangeError);
  });

  it("come from requests that are sent one after the other, at least one", async () => {
    const sent: number[] = [];
    const send = (index: number) => Promise.resolve(void sent.push(index));

    const none = await measureLatencies(0, send);
    const some = await measureLatencies(5, send);

    expect(none.count).to.equal(1);
    expect(some.count).to.be.greaterThan(1);
    expect(sent).to.deep.equal([0, ...Array.from({ length: some.count }, (_, index) => index)]);
  });
});
