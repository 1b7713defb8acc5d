import { isLabel, isSubdomain } from "../dnsNames";
import { type Problem } from "../problems";

/** A kind of objects, by its API group and its plural, as `kubectl api-resources` prints them. */
export interface ObjectKind {
  readonly apiGroup: string;
  readonly resource: string;
}

export const disruptionBudgets: ObjectKind = {
  apiGroup: "policy",
  resource: "poddisruptionbudgets",
};

export const serviceAccounts: ObjectKind = { apiGroup: "", resource: "serviceaccounts" };

/**
 * What the deployer writes only where a platform judges what it says. A budget that allows no disruption
 * keeps a shared node from being drained, and rules of RBAC cannot leave the environment's own service
 * accounts out.
 */
export const judgedKinds: readonly ObjectKind[] = [disruptionBudgets, serviceAccounts];

/**
 * Kinds of Kubernetes' own groups that the deployer has where they are listed. Of budgets, hosts of
 * ingresses and routes a platform judges what they say, and gives them by itself.
 */
const listableKinds: readonly ObjectKind[] = [
  disruptionBudgets,
  { apiGroup: "gateway.networking.k8s.io", resource: "httproutes" },
  { apiGroup: "networking.k8s.io", resource: "ingresses" },
  { apiGroup: "snapshot.storage.k8s.io", resource: "volumesnapshots" },
];

interface ClosedKinds {
  /** Groups, each with those below it. */
  readonly apiGroups: readonly string[];
  /** Of these groups. Defaults to all. */
  readonly resources?: readonly string[];
  readonly fault: string;
}

/** What no deployer writes: walls, what opens them, and what has others act with their own rights. */
const closedKinds: readonly ClosedKinds[] = [
  {
    apiGroups: ["k8s.io"],
    fault: "is of Kubernetes' own groups, in which walls, rights and hosts are",
  },
  {
    apiGroups: [
      "antrea.io",
      "antrea.tanzu.vmware.com",
      "cilium.io",
      "k8s.cni.cncf.io",
      "k8s.ovn.org",
      "kubeovn.io",
      "networking.gke.io",
      "nsx.vmware.com",
      "projectcalico.org",
      "submariner.io",
      "vpcresources.k8s.aws",
      "networking.k8s.aws",
    ],
    fault: "is of a network plugin, by which the network isolation is opened",
  },
  {
    apiGroups: [
      "consul.hashicorp.com",
      "istio.io",
      "kuma.io",
      "linkerd.io",
      "openservicemesh.io",
      "servicemeshinterface.io",
      "smi-spec.io",
    ],
    fault: "is of a service mesh, by which callers are let in",
  },
  {
    apiGroups: [
      "configuration.konghq.com",
      "elbv2.k8s.aws",
      "envoyproxy.io",
      "getambassador.io",
      "haproxy.org",
      "k8s.nginx.org",
      "networking.x-k8s.io",
      "projectcontour.io",
      "route.openshift.io",
      "solo.io",
      "traefik.containo.us",
      "traefik.io",
    ],
    fault: "is of an ingress controller or a gateway, of which nobody judges the hosts",
  },
  {
    apiGroups: [
      "capsule.clastix.io",
      "crossplane.io",
      "gatekeeper.sh",
      "hnc.x-k8s.io",
      "kubewarden.io",
      "kyverno.io",
      "operators.coreos.com",
      "project.openshift.io",
      "security.openshift.io",
    ],
    fault: "governs the cluster",
  },
  {
    apiGroups: ["argoproj.io"],
    resources: ["applications", "applicationsets", "appprojects"],
    fault: "has a controller deploy with rights of its own",
  },
  {
    apiGroups: ["fluxcd.io", "helm.cattle.io", "k3s.cattle.io"],
    fault: "has a controller deploy with rights of its own",
  },
];

/** Everything wrong with kinds that a deployer shall write, as the argument `deployerKinds`. */
export function deployerKindProblems(kinds: readonly ObjectKind[] = []): Problem[] {
  return kinds.flatMap((kind, index) => {
    const fault = faultOf(kind) ?? repetitionOf(kind, index, kinds);
    return fault === undefined ? [] : [{ property: `deployerKinds[${index}]`, ...fault }];
  });
}

/** Whether a deployer may be given the kind. */
export function isDeployerKind(kind: ObjectKind): boolean {
  return faultOf(kind) === undefined;
}

/** What a quota calls the number of objects of the kind. */
export function countKey({ apiGroup, resource }: ObjectKind): string {
  return `count/${resource}.${apiGroup}`;
}

type Fault = Pick<Problem, "found" | "fault" | "remedy">;

function faultOf({ apiGroup, resource }: ObjectKind): Fault | undefined {
  const found = `${apiGroup}/${resource}`;
  if (!isSubdomain(apiGroup) || !isLabel(resource)) {
    return {
      found,
      fault: "is no kind of objects",
      remedy:
        "Write the API group and the plural in small letters, without a version, as `kubectl api-resources` prints them, such as monitoring.coreos.com and servicemonitors.",
    };
  }
  const fault = listableKinds.some((kind) => isSame(kind, { apiGroup, resource }))
    ? undefined
    : closedFault({ apiGroup, resource });
  return fault === undefined
    ? undefined
    : { found, fault, remedy: "Leave it out: the deployer does not write it." };
}

function closedFault({ apiGroup, resource }: ObjectKind): string | undefined {
  if (!apiGroup.includes(".")) {
    return closedKinds[0]?.fault;
  }
  return closedKinds.find(
    ({ apiGroups, resources }) =>
      apiGroups.some((group) => apiGroup === group || apiGroup.endsWith(`.${group}`)) &&
      (resources === undefined || resources.includes(resource)),
  )?.fault;
}

function repetitionOf(
  kind: ObjectKind,
  index: number,
  kinds: readonly ObjectKind[],
): Fault | undefined {
  const first = kinds.findIndex((other) => isSame(other, kind));
  return first === index
    ? undefined
    : {
        found: `${kind.apiGroup}/${kind.resource}`,
        fault: `repeats deployerKinds[${first}]`,
        remedy: "Keep one of them.",
      };
}

function isSame(one: ObjectKind, other: ObjectKind): boolean {
  return one.apiGroup === other.apiGroup && one.resource === other.resource;
}
