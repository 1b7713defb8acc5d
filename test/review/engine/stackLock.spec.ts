import { expect } from "chai";
import { describeLock, locksIn } from "#review/engine/stackLock";

const locked =
  "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.\n" +
  "  file:///backend/.pulumi/locks/organization/shop/review-x/8f1d.json: created by ci@runner-7 (pid 4711) at 2026-11-29T08:00:00Z";

describe("what Pulumi says of a stack that is locked", () => {
  it("names who holds it", () => {
    expect(locksIn(locked)?.map(describeLock)).to.deep.equal([
      "ci@runner-7, process 4711, since 2026-11-29T08:00:00.000Z",
    ]);
  });

  it("is nothing where it failed for another reason", () => {
    expect(locksIn("error: no stack named 'x' found")).to.equal(undefined);
  });

  it("is known of Pulumi Cloud, which names no lock", () => {
    expect(
      locksIn("error: [409] Conflict: Another update is currently in progress."),
    ).to.deep.equal([]);
  });
});
