import { expect } from "chai";
import {
  doubtful,
  exitCodeFor,
  fine,
  refused,
  tableOfFindings,
  unknown,
  wrong,
} from "#review/doctor/finding";

describe("what the doctor found", () => {
  const good = fine("clock", "at most 1 s apart");
  const odd = doubtful("passphrase", "is empty", "Set one.");

  it("ends with 0 as long as nothing is wrong", () => {
    expect(exitCodeFor([good, odd, unknown("rights", "not known")])).to.equal(0);
  });

  it("ends with 1 when something is wrong, and with 3 when that is about credentials", () => {
    const fault = wrong("pulumi", "is not on the PATH", "Install it.");
    expect(exitCodeFor([odd, fault])).to.equal(1);
    expect(exitCodeFor([fault, refused("cluster", "takes no such token", "Renew it.")])).to.equal(
      3,
    );
  });

  it("is an aligned table, with what to do below each", () => {
    const several = wrong("settings", "two faults:\n  - one\n  - two", "Correct them.");
    expect(tableOfFindings([good, several]).split("\n")).to.deep.equal([
      "STATE  WHAT      FOUND",
      "ok     clock     at most 1 s apart",
      "wrong  settings  two faults:",
      "                   - one",
      "                   - two",
      "                 → Correct them.",
    ]);
  });
});
