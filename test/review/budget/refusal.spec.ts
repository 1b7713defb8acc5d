import { expect } from "chai";
import { describePassed, describeRefusal } from "#review/budget/refusal";
import { type BudgetedEnvironment, type Excess } from "#review/budget/verdict";

const now = "2027-01-10T00:00:00Z";
const number: Excess = {
  bound: "environments",
  limit: "2",
  others: "2",
  wanted: "1",
  isTooLargeAlone: false,
};
const memory: Excess = { ...number, bound: "memory", limit: "20Gi", others: "16Gi", wanted: "8Gi" };
const old: BudgetedEnvironment = {
  namespace: "review-shop-old",
  stack: "review-old",
  branch: "old",
  createdAt: "2027-01-01T00:00:00Z",
  isBeingDeleted: false,
  isKept: false,
  quota: {},
};
const expired = { ...old, namespace: "review-shop-x", branch: "x", expiresAt: now };
const nameless = { ...old, namespace: "review-shop-y", branch: undefined };

describe("what is said of an environment that the budget has no room for", () => {
  it("is each bound, who could be reaped, with the command, and what to do", () => {
    expect(refusal([number, memory], [old, expired, nameless])).to.equal(
      [
        'The environment of "feature/a" does not fit into the budget of the project shop. Nothing was done.',
        "  - environments: 2 stand, 1 would come, and the budget is 2.",
        "  - requests.memory: the quotas of those that stand have 16Gi, 8Gi would come, and the budget is 20Gi.",
        "Those that could be reaped, in this order:",
        '  - review-shop-x, expired at 2027-01-10T00:00:00Z: `review destroy "x"` removes it.',
        '  - review-shop-old, stands since 2027-01-01T00:00:00Z: `review destroy "old"` removes it.',
        "  - review-shop-y, stands since 2027-01-01T00:00:00Z.",
        "Destroy what nobody needs, have `review reap` do so, or raise `budget` in the settings.",
      ].join("\n"),
    );
  });

  it("names no one where one alone is too much", () => {
    const text = refusal([{ ...memory, isTooLargeAlone: true }], [old]);
    expect(text).to.contain("It alone is more than the budget: give it a smaller quota");
    expect(text).not.to.contain("review-shop-old");
  });

  it("says who goes already", () => {
    const text = refusal([number], [{ ...old, isBeingDeleted: true }]);
    expect(text).to.contain("Being deleted, and soon gone: 1.");
    expect(text).not.to.contain("could be reaped");
  });

  it("names ten of many, and says that there are more", () => {
    const many = Array.from({ length: 13 }, () => old);
    const lines = refusal([number], many).split("\n");
    expect(lines.filter((line) => line.includes("review destroy"))).to.have.length(10);
    expect(lines).to.include("  - and 3 more, which `review list` shows.");
  });

  it("says that nothing is left for one whose quota is not known", () => {
    const { bound, limit, others, isTooLargeAlone } = memory;
    const text = refusal([{ bound, limit, others, isTooLargeAlone }], [old]);
    expect(text).to.contain("have 16Gi, nothing is left, and the budget is 20Gi.");
  });

  it("says afterwards that such a one has passed it", () => {
    expect(describePassed(memory)).to.equal(
      "The budget has requests.memory 20Gi, and this environment's 8Gi beside the 16Gi of the others pass it: no new one comes up.",
    );
  });
});

function refusal(excess: readonly Excess[], others: readonly BudgetedEnvironment[]): string {
  return describeRefusal({ branch: "feature/a", project: "shop", excess, others, now });
}
