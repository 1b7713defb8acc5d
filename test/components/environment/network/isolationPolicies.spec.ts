import { expect } from "chai";
import {
  defaultDenySpec,
  sameEnvironmentSpec,
} from "#components/environment/network/isolationPolicies";

describe("the network policies of an environment", () => {
  it("close every pod in both directions by default", () => {
    expect(defaultDenySpec()).to.deep.equal({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
  });

  it("open both directions between pods of the same namespace, and name no other namespace", () => {
    expect(sameEnvironmentSpec()).to.deep.equal({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    });
  });
});
