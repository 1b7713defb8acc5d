import { expect } from "chai";
import { judgeDeletions } from "#review/doctor/deletions";

describe("the deletions that the doctor sees", () => {
  const judged = (held: readonly string[], unseen: readonly string[]) =>
    judgeDeletions("organization/shop/review-x", { held, unseen }).map(({ state }) => state);

  it("are wrong where something is held, and not known where it was not seen", () => {
    expect(judged(["Namespace x is being deleted"], ["Role y could not be read"])).to.deep.equal([
      "wrong",
      "unknown",
    ]);
    expect(judged([], [])).to.deep.equal(["ok"]);
  });
});
