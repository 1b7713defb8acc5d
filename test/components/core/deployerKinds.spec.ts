import { expect } from "chai";
import {
  countKey,
  deployerKindProblems,
  isDeployerKind,
  type ObjectKind,
} from "#components/core/rules/deployerKinds";

const kindOf = (text: string): ObjectKind => {
  const [apiGroup = "", resource = ""] = text.split("/");
  return { apiGroup, resource };
};

/** Kinds of ordinary charts, and the two of Kubernetes' own groups. */
const open: readonly string[] = [
  "monitoring.coreos.com/servicemonitors",
  "cert-manager.io/certificates",
  "postgresql.cnpg.io/clusters",
  "keda.sh/scaledobjects",
  "argoproj.io/rollouts",
  "jobset.x-k8s.io/jobsets",
  "policy/poddisruptionbudgets",
  "networking.k8s.io/ingresses",
  "gateway.networking.k8s.io/httproutes",
  "snapshot.storage.k8s.io/volumesnapshots",
];

const closed: Readonly<Record<string, readonly string[]>> = {
  "is of Kubernetes' own groups": [
    "networking.k8s.io/networkpolicies",
    "policy.networking.k8s.io/clusternetworkpolicies",
    "rbac.authorization.k8s.io/rolebindings",
    "gateway.networking.k8s.io/tlsroutes",
    "apps/daemonsets",
    "extensions/ingresses",
    "externaldns.k8s.io/dnsendpoints",
    "k8s.io/anything",
  ],
  "is of a network plugin": [
    "cilium.io/ciliumnetworkpolicies",
    "crd.projectcalico.org/networkpolicies",
    "projectcalico.org/networkpolicies",
    "crd.antrea.io/networkpolicies",
    "k8s.cni.cncf.io/network-attachment-definitions",
  ],
  "is of a service mesh": [
    "security.istio.io/authorizationpolicies",
    "networking.istio.io/serviceentries",
    "policy.linkerd.io/serverauthorizations",
    "kuma.io/meshtrafficpermissions",
  ],
  "is of an ingress controller or a gateway": [
    "traefik.io/ingressroutes",
    "projectcontour.io/httpproxies",
    "route.openshift.io/routes",
    "gateway.networking.x-k8s.io/xlistenersets",
  ],
  "governs the cluster": ["kyverno.io/policyexceptions", "hnc.x-k8s.io/subnamespaceanchors"],
  "has a controller deploy with rights of its own": [
    "argoproj.io/applications",
    "kustomize.toolkit.fluxcd.io/kustomizations",
    "helm.cattle.io/helmcharts",
  ],
  "is no kind of objects": [
    "/secrets",
    "*/*",
    "monitoring.coreos.com/*",
    "example.com/Things",
    "example.com/",
    "Example.com/things",
  ],
};

describe("further kinds of the deployer", () => {
  for (const text of open) {
    it(`may be ${text}`, () => {
      expect(deployerKindProblems([kindOf(text)])).to.deep.equal([]);
      expect(isDeployerKind(kindOf(text))).to.equal(true);
    });
  }

  for (const [fault, texts] of Object.entries(closed)) {
    for (const text of texts) {
      it(`are never ${text}, which ${fault}`, () => {
        const problems = deployerKindProblems([kindOf(text)]);
        expect(problems).to.have.length(1);
        expect(problems[0]).to.include({ property: "deployerKinds[0]", found: text });
        expect(problems[0]?.fault).to.contain(fault);
        expect(isDeployerKind(kindOf(text))).to.equal(false);
      });
    }
  }

  it("are each listed once", () => {
    const kind = kindOf("keda.sh/scaledobjects");
    expect(deployerKindProblems([kind, { ...kind }])).to.deep.equal([
      {
        property: "deployerKinds[1]",
        found: "keda.sh/scaledobjects",
        fault: "repeats deployerKinds[0]",
        remedy: "Keep one of them.",
      },
    ]);
  });

  it("are counted by the quota as Kubernetes names the count", () => {
    expect(countKey(kindOf("keda.sh/scaledobjects"))).to.equal("count/scaledobjects.keda.sh");
  });
});
