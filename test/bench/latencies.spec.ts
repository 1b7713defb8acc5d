import { expect } from "chai";
import { latenciesOf, measureLatencies } from "../../bench/latencies";

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
