import { expect } from "chai";
import type { CommandRun } from "../../bench/commands";
import { measurePolicyPack, pairsOf, policyPackOverhead } from "../../bench/policyPack";

describe("the stack on which the policy pack is measured", () => {
  it("is one that every policy looks at and none refuses", async () => {
    expect(await measurePolicyPack(1)).to.have.length(1);
  });
});

describe("what the policy pack adds to an up", () => {
  it("is the median of what it takes more than a pack of no policies in the same round", () => {
    const { seconds } = policyPackOverhead(upsOf([6, 9, 7], [5, 5, 6.5]));
    expect(seconds).to.deep.equal({ median: 1, minimum: 0.5, maximum: 4 });
  });

  for (const [added, holds] of [
    [1.25, true],
    [1.5, false],
  ] as const) {
    it(`is ${holds ? "" : "not "}within its budget when it is ${added} CPU seconds`, () => {
      expect(policyPackOverhead(upsOf([5 + added], [5])).holds).to.equal(holds);
    });
  }

  it("is shown beside no pack too", () => {
    expect(pairsOf(upsOf([6], [5], [4]), "noPack")).to.deep.equal([
      { numerator: 6, denominator: 4 },
    ]);
  });
});

/** Runs that took these CPU seconds. */
function upsOf(policyPack: number[], emptyPack: number[], noPack: number[] = []) {
  const runs = (taken: readonly number[]) =>
    taken.map((cpuSeconds) => ({ cpuSeconds }) as CommandRun);
  return { policyPack: runs(policyPack), emptyPack: runs(emptyPack), noPack: runs(noPack) };
}
