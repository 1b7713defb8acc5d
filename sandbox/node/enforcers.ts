import { serviceRange, type NodePlan } from "./nodePlan";

/** Who kube-router is: what it has in each cluster, and may read what it turns into rules. */
export const kubeRouterAccount = { namespace: "kube-system", name: "kube-router" };

const { namespace, name } = kubeRouterAccount;

/** The objects that give kube-router its rights, by the path that each is created at. */
export const kubeRouterObjects: readonly (readonly [path: string, object: object])[] = [
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

/** The command line of kube-router's network policy controller. */
export function kubeRouterArguments(plan: NodePlan, kubeconfigFile: string): readonly string[] {
  return [
    `--kubeconfig=${kubeconfigFile}`,
    `--hostname-override=${plan.name}`,
    `--service-cluster-ip-range=${serviceRange}`,
  ];
}
