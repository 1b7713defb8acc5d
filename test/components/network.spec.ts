import { expect } from "chai";
import { defaultDenySpec, dnsSpec, sameEnvironmentSpec } from "#components/network";

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

  it("open port 53 to the cluster's DNS pods only, by the label that nobody can forge", () => {
    expect(dnsSpec()).to.deep.equal({
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
              podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
            },
          ],
          ports: [
            { port: 53, protocol: "UDP" },
            { port: 53, protocol: "TCP" },
          ],
        },
      ],
    });
  });

  it("select namespace and pods of the DNS in one peer, as two peers would open both", () => {
    const [rule] = dnsSpec().egress as { to: object[] }[];
    expect(rule?.to).to.have.length(1);
  });
});
