import { expect } from "chai";
import { nameOf, plainObjects, planned, valueOf } from "#components/core/plan";

const namespace = planned("env", {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: valueOf("namespaceName") },
});
const account = planned("env-account", {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "deployer", namespace: nameOf(namespace) },
  groups: [{ name: valueOf("namespaceName", (name: string) => `accounts:${name}`) }],
});

describe("a plan", () => {
  it("has plain objects once its values are known", () => {
    const [, object] = plainObjects([namespace, account], { namespaceName: "review-login" });
    expect(object).to.deep.equal({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "deployer", namespace: "review-login" },
      groups: [{ name: "accounts:review-login" }],
    });
  });

  it("says which value is missing", () => {
    expect(() => plainObjects([account], {})).to.throw(RangeError, "namespaceName");
  });

  it("leaves instances of classes as they are", () => {
    const instant = new Date(0);
    const entry = planned("x", { ...namespace.object, instant });
    const [object] = plainObjects([entry], { namespaceName: "review-login" });
    expect(object?.instant).to.equal(instant);
  });
});
