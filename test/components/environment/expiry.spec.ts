import { expect } from "chai";
import { hasPassed, instantOf } from "#components/core/metadata";
import { expiryReports } from "#components/environment/expiry";

const now = "2026-01-01T00:00:00Z";

describe("the end of an environment", () => {
  for (const expiresAt of ["2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z"]) {
    it(`has passed at ${expiresAt}, and says so with what to do`, () => {
      expect(expiryReports(expiresAt, now)).to.deep.equal([
        `The environment expired at ${expiresAt}, so it may be removed at any time. Set a later \`expiresAt\`, or destroy its stack.`,
      ]);
    });
  }

  it("is no matter while it has not passed, is not given, or nothing says what time it is", () => {
    expect(expiryReports("2026-01-01T00:00:01Z", now)).to.deep.equal([]);
    expect(expiryReports(undefined, now)).to.deep.equal([]);
    expect(expiryReports("2020-01-01T00:00:00Z", undefined)).to.deep.equal([]);
    expect(expiryReports("someday", now)).to.deep.equal([]);
  });
});

describe("an instant", () => {
  it("is written down to the second", () => {
    expect(instantOf(new Date(1_767_225_600_999))).to.equal(now);
  });

  it("has passed from itself on", () => {
    expect(hasPassed(now, now)).to.equal(true);
    expect(hasPassed(now, "2025-12-31T23:59:59Z")).to.equal(false);
  });
});
