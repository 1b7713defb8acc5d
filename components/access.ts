/** One rule of a Role, closed: no wildcard stands in any list. */
export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const read = ["get", "list", "watch"] as const;
const write = [...read, "create", "update", "patch", "delete"] as const;

/**
 * What a developer may do in an environment: deploy an application, look at it and at the walls.
 *
 * Left out on purpose: everything that would move a wall (quotas, limit ranges, network policies,
 * roles, bindings, the namespace), secrets (a list returns their contents, a token secret mints
 * credentials; pods may use those of the namespace all the same), service accounts and their tokens, `exec`, `attach`, `port-forward` and `proxy`
 * (code or traffic inside pods), ingresses (hosts of others could be taken), daemon sets (a pod on
 * every node) and `deletecollection`.
 * See https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
export const developerRules: readonly AccessRule[] = [
  { apiGroups: [""], resources: ["pods"], verbs: write },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["configmaps", "services"], verbs: write },
  { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: write },
  {
    apiGroups: [""],
    resources: ["endpoints", "events", "limitranges", "resourcequotas", "serviceaccounts"],
    verbs: read,
  },
  { apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs: write },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: read },
  {
    apiGroups: ["apps"],
    resources: ["deployments/scale", "statefulsets/scale"],
    verbs: ["get", "update", "patch"],
  },
  { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs: write },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: write },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: read },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"], verbs: read },
  { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["get", "list"] },
];

/** The Role's rules as the API server takes them. */
export function roleRules(rules: readonly AccessRule[]) {
  return rules.map((rule) => ({
    apiGroups: [...rule.apiGroups],
    resources: [...rule.resources],
    verbs: [...rule.verbs],
  }));
}
