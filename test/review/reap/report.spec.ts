import { expect } from "chai";
import { byFate, describeReap, exitCodeOf, type ReapResult } from "#review/reap/report";
import { reapable } from "#review/reap/reapable";
import { type Fate } from "#review/reap/removals";
import { environment, options, scope, seenOf } from "./support/seen";

const expiresAt = "2027-01-01T00:00:00Z";

describe("what is told of environments that were to go", () => {
  const { due } = reapable(
    seenOf(["a", "b", "c"].map((branch) => environment(branch, { expiresAt }))),
    scope,
    options,
  );
  const failed: Fate = { fate: "failed", why: "no\u001b[2J", exitCode: 9 };
  const fates: readonly Fate[] = [{ fate: "gone" }, failed, { fate: "left", why: "busy" }];
  const nothing: ReapResult = {
    ...{ server: "https://a", dryRun: false, due: [], gone: [], failed: [], left: [], kept: [] },
  };

  it("is what became of each, with nothing that a terminal takes for a command", () => {
    const text = describeReap({ ...nothing, ...byFate(due, fates) });
    expect(text.split("\n")).to.deep.equal([
      "Gone:",
      `  expired       review-a ("a"): it expired at ${expiresAt}`,
      "",
      "Failed:",
      `  expired       review-b ("b"): it expired at ${expiresAt}`,
      "    no?[2J",
      "",
      "Left for a later run:",
      `  expired       review-c ("c"): it expired at ${expiresAt}`,
      "    busy",
      "",
      "1 gone, 1 failed, 1 left, 0 kept.",
    ]);
  });

  it("is one line where there is nothing to do", () => {
    expect(describeReap(nothing)).to.equal("0 gone, 0 failed, 0 left, 0 kept.");
  });

  it("ends as the one that failed, and with 1 where more did", () => {
    expect(exitCodeOf(nothing)).to.equal(0);
    expect(exitCodeOf(byFate(due, fates))).to.equal(9);
    expect(exitCodeOf(byFate(due, [failed, failed, failed]))).to.equal(1);
  });
});
