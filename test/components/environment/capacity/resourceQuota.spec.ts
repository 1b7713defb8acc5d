import { expect } from "chai";
import { quotaSpec, zeroQuotaSpecs } from "#components/environment/capacity/resourceQuota";

describe("the quota of an environment", () => {
  it("reaches the API server as it is and with no scope that something could escape", () => {
    const quota = { pods: "3", "limits.cpu": "1" };
    expect(quotaSpec(quota)).to.deep.equal({ hard: quota });
  });
});

describe("the quotas of zero pods", () => {
  const system = {
    objectName: "no-system-priority",
    spec: zeroPods({
      scopeName: "PriorityClass",
      operator: "In",
      values: ["system-node-critical", "system-cluster-critical"],
    }),
  };
  const affinity = {
    objectName: "no-cross-namespace-affinity",
    spec: zeroPods({ scopeName: "CrossNamespacePodAffinity", operator: "Exists" }),
  };

  it("admit neither the cluster's own priorities nor affinity to other namespaces", () => {
    expect(zeroQuotaSpecs({})).to.deep.equal([system, affinity]);
  });

  it("admit nothing but the PriorityClass that is required", () => {
    const required = {
      objectName: "required-priority",
      spec: zeroPods({ scopeName: "PriorityClass", operator: "NotIn", values: ["review-low"] }),
    };
    expect(zeroQuotaSpecs({ priorityClass: "review-low" })).to.deep.equal([
      system,
      affinity,
      required,
    ]);
  });
});

function zeroPods(scope: object) {
  return { hard: { pods: "0" }, scopeSelector: { matchExpressions: [scope] } };
}
