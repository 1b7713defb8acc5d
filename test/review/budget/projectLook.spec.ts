import { expect } from "chai";
import { projectLookIn } from "#review/budget/projectLook";
import { targetIn } from "./support/budgetTarget";
import { namespaceOf, quotaOf } from "./support/standing";

const target = targetIn({ permanent: ["organization/shop/review-demo"] });

describe("what stands of a project, for its budget", () => {
  it("is each namespace with what its quota promises, and not what of it is used", () => {
    const look = projectLookIn([namespaceOf("a")], [quotaOf("a", { "requests.cpu": "4" })], target);
    expect(look.own).to.equal(undefined);
    expect(look.others).to.deep.equal([
      {
        namespace: "review-shop-a",
        stack: "review-a",
        branch: "a",
        createdAt: "2027-01-01T00:00:00Z",
        expiresAt: undefined,
        isBeingDeleted: false,
        isKept: false,
        quota: { "requests.cpu": "4" },
      },
    ]);
  });

  it("is apart what the environment itself has, which may be nothing yet", () => {
    const namespaces = [namespaceOf("login"), namespaceOf("a")];
    const whole = projectLookIn(namespaces, [quotaOf("login", { "requests.cpu": "1" })], target);
    expect(whole.own).to.deep.equal({ "requests.cpu": "1" });
    expect(whole.others.map(({ stack }) => stack)).to.deep.equal(["review-a"]);
    expect(projectLookIn(namespaces, [], target).own).to.deep.equal({});
  });

  it("counts a namespace of its own that is being deleted as another's", () => {
    const deletionTimestamp = "2027-01-02T00:00:00Z";
    const look = projectLookIn([namespaceOf("login", { deletionTimestamp })], [], target);
    expect(look.own).to.equal(undefined);
    expect(look.others[0]).to.include({ stack: "review-login", isBeingDeleted: true });
  });

  it("counts nothing that stays, and nothing of the platform's own", () => {
    const rehearsal = { metadata: { ...namespaceOf("-rehearsal").metadata } };
    const look = projectLookIn([namespaceOf("demo"), rehearsal, namespaceOf("a")], [], target);
    expect(look.others.map(({ stack }) => stack)).to.deep.equal(["review-a"]);
  });

  it("is kept where `review reap` keeps it, and counts all the same", () => {
    const labels = { ...namespaceOf("a").metadata?.labels, "secure-environment/keep": "demo" };
    const look = projectLookIn([namespaceOf("a", { labels }), namespaceOf("b")], [], target);
    expect(look.others.map(({ isKept }) => isKept)).to.deep.equal([true, false]);
  });

  it("takes an end for one only where it is an instant", () => {
    const ending = (text: string) => {
      const annotations = { "secure-environment/expires-at": text };
      return projectLookIn([namespaceOf("a", { annotations })], [], target).others[0]?.expiresAt;
    };
    expect(ending("2027-01-02T00:00:00Z")).to.equal("2027-01-02T00:00:00Z");
    expect(ending("1\n  - review-shop-b: harmless")).to.equal(undefined);
  });
});
