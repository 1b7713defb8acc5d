import { expect } from "chai";
import { openBranchesIn } from "#review/reap/openBranches";
import { reapable } from "#review/reap/reapable";
import { clockFault, listFaults } from "#review/reap/suspicions";
import { environment, options, scope, seenOf } from "./support/seen";

const day = 86_400_000;

describe("what is not believed", () => {
  const at = Date.parse("2027-01-10T12:00:00Z");

  for (const [distance, side] of [
    [day, "ahead of"],
    [301_500, "ahead of"],
    [-301_500, "behind"],
    [-day, "behind"],
  ] as const) {
    it(`is a clock that is ${distance} ms from the API server's`, () => {
      const reading = { sent: at + distance, answered: at + distance, said: at };
      expect(clockFault(reading)).to.contain(`s ${side} the API server's`);
    });
  }

  it("is a clock beside which the API server shows none", () => {
    expect(clockFault({ sent: at, answered: at, said: undefined })).to.contain("does not say");
    expect(clockFault({ sent: at, answered: at, said: NaN })).to.contain("does not say");
  });

  it("is no clock that is a minute off", () => {
    for (const distance of [0, 60_000, -60_000, 299_000]) {
      const reading = { sent: at + distance, answered: at + distance, said: at };
      expect(clockFault(reading)).to.equal(undefined);
    }
  });

  const branches = ["a", "b", "c"];

  const faultsWith = (openOnes: string, atMost: number) => {
    const read = openBranchesIn(openOnes);
    const openBranches = "open" in read ? read.open : undefined;
    const seen = seenOf(branches.map((branch) => environment(branch)));
    const found = reapable(seen, scope, { ...options, openBranches });
    return listFaults(found, openBranches, atMost);
  };

  it("is a list of open branches by which all would go, and more than one run removes", () => {
    expect(faultsWith("other", 2)).to.have.length(1);
    expect(faultsWith("other", 2)[0]).to.contain("none of the branches of the 3 environments");
  });

  it("is none that knows an environment, nor one by which few go", () => {
    expect(faultsWith("a", 1)).to.deep.equal([]);
    expect(faultsWith("other", 3)).to.deep.equal([]);
  });

  it("is a cluster that has the namespace of no stack", () => {
    const alone = branches.map((branch) => ({ stack: environment(branch).stack }));
    const faults = (atMost: number, more: Parameters<typeof seenOf>[0] = []) =>
      listFaults(reapable(seenOf([...alone, ...more]), scope, options), undefined, atMost);
    expect(faults(2)).to.have.length(1);
    expect(faults(3)).to.deep.equal([]);
    expect(faults(2, [environment("d")])).to.deep.equal([]);
  });
});
