import { expect } from "chai";
import { judgeNetworkPlugin, type SeenDaemonSet } from "#review/doctor/networkPlugin";

const daemonSet = (name: string, more: Partial<SeenDaemonSet> = {}): SeenDaemonSet => ({
  name,
  images: [],
  args: [],
  ...more,
});

describe("the network plugin that the doctor sees", () => {
  for (const enforcer of [
    daemonSet("cilium"),
    daemonSet("calico-node"),
    daemonSet("canal"),
    daemonSet("antrea-agent"),
    daemonSet("anetd"),
    daemonSet("kube-network-policies"),
    daemonSet("kube-router", { args: ["--run-firewall=true"] }),
    daemonSet("aws-node", { args: ["--enable-network-policy=true"] }),
    daemonSet("kindnet", { images: ["docker.io/kindest/kindnetd:v20250214-acbabc1a"] }),
  ]) {
    it(`is known to enforce policies as ${enforcer.name}, which only packets show`, () => {
      const finding = judgeNetworkPlugin([daemonSet("kube-proxy"), enforcer]);
      expect(finding.state).to.equal("ok");
      expect(finding.found).to.contain("only packets show");
    });
  }

  for (const [other, found] of [
    [daemonSet("kube-flannel-ds"), "Flannel enforces no network policies"],
    [daemonSet("kindnet", { images: ["kindest/kindnetd:v20230511-dc714da8"] }), "kind 0.24"],
    [daemonSet("kindnet"), "kind 0.24"],
    [daemonSet("aws-node", { args: ["--enable-network-policy=false"] }), "VPC CNI of AWS"],
    [daemonSet("kube-router", { args: ["--run-firewall=false"] }), "--run-firewall=false"],
    [daemonSet("kube-proxy"), "no DaemonSet is known"],
  ] as const) {
    it(`is doubted as ${other.name}: ${found}`, () => {
      const finding = judgeNetworkPlugin([other]);
      expect(finding.state).to.equal("warning");
      expect(finding.found).to.contain(found);
    });
  }

  it("is fine where another one enforces what Flannel does not", () => {
    const finding = judgeNetworkPlugin([daemonSet("kube-flannel-ds"), daemonSet("calico-node")]);
    expect(finding.state).to.equal("ok");
  });

  it("is not known to who may not look", () => {
    expect(judgeNetworkPlugin(undefined).state).to.equal("unknown");
  });
});
