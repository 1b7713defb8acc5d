import type { Enforcer } from "../pinnedModules";
import { serviceRange, type NodePlan } from "./nodePlan";

/** How one program enforces network policies on a node. */
interface Enforcement {
  /** Its command line. */
  arguments(plan: NodePlan, kubeconfigFile: string): readonly string[];
  /** What is run on the node before it starts, if anything. */
  readonly preparation?: readonly string[];
  /** What ends well on the node once it enforces policies. */
  readonly check: readonly string[];
}

const queueNumber = 100;

/** The first packet of a connection that the node passes on, which an enforcer may see and judge. */
const firstPackets = ["FORWARD", "-m", "conntrack", "--ctstate", "NEW"];

/** What hands these packets to a program, and drops them where none takes them. */
export const queueFirstPackets: readonly string[] = [
  ...["iptables", "-w", "-t", "mangle", "-A", ...firstPackets],
  ...["-j", "NFQUEUE", "--queue-num", `${queueNumber}`],
];

export const enforcements: Readonly<Record<Enforcer, Enforcement>> = {
  "kube-router": {
    arguments: ({ name }, kubeconfigFile) => [
      `--kubeconfig=${kubeconfigFile}`,
      `--hostname-override=${name}`,
      `--service-cluster-ip-range=${serviceRange}`,
    ],
    check: ["iptables", "-S", "KUBE-ROUTER-FORWARD"],
  },
  "kube-network-policies": {
    arguments: ({ name }, kubeconfigFile) => [
      `--kubeconfig=${kubeconfigFile}`,
      `--hostname-override=${name}`,
      `--nfqueue-id=${queueNumber}`,
    ],
    // Its own rule is one of nftables, whose `queue` fewer kernels have than that of iptables.
    preparation: queueFirstPackets,
    check: ["grep", "--quiet", `^ *${queueNumber} `, "/proc/net/netfilter/nfnetlink_queue"],
  },
};

/** The namespace of the account that an enforcer has; both have the same name. */
export const enforcerNamespace = "kube-system";

/**
 * The objects that let an enforcer read what it carries out, by the path that each is created at.
 */
export function enforcerObjects(
  name: Enforcer,
): readonly (readonly [path: string, object: object])[] {
  const namespace = enforcerNamespace;
  return [
    [
      `/api/v1/namespaces/${namespace}/serviceaccounts`,
      { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } },
    ],
    [
      "/apis/rbac.authorization.k8s.io/v1/clusterroles",
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name },
        rules: [
          {
            apiGroups: [""],
            resources: ["namespaces", "nodes", "pods"],
            verbs: ["get", "list", "watch"],
          },
          {
            apiGroups: ["networking.k8s.io"],
            resources: ["networkpolicies"],
            verbs: ["get", "list", "watch"],
          },
        ],
      },
    ],
    [
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
        subjects: [{ kind: "ServiceAccount", name, namespace }],
      },
    ],
  ];
}
