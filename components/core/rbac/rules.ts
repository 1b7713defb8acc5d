import {
  countKey,
  disruptionBudgets,
  type ObjectKind,
  serviceAccounts,
} from "../rules/deployerKinds";

/**
 * Who may do what in an environment, as closed lists: no wildcard stands in any of them.
 *
 * None has what would move a wall (quotas, limit ranges, network policies, roles, bindings, the
 * namespace), tokens of service accounts, `proxy` (traffic that comes from the API server
 * and so passes network policies), `eviction`, daemon sets (a pod on every node), endpoints (they
 * forward into other namespaces) and `deletecollection` (neither kubectl, Helm nor Pulumi uses it).
 * Disruption budgets and service accounts are written only where a platform judges them.
 * See https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */

/** One rule of a Role or ClusterRole. */
export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const read = ["get", "list", "watch"] as const;
const write = [...read, "create", "update", "patch", "delete"] as const;

/**
 * The walls, and what the namespace says of itself: owner, branch, address and expiry. A request for a
 * namespace by its name counts as one inside of it, so this opens no other one, and no list.
 */
const walls: readonly AccessRule[] = [
  { apiGroups: [""], resources: ["limitranges", "resourcequotas"], verbs: read },
  { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
  { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: read },
];

const diagnosis: readonly AccessRule[] = [
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] },
  { apiGroups: [""], resources: ["endpoints", "events"], verbs: read },
  { apiGroups: ["apps"], resources: ["replicasets"], verbs: read },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
  { apiGroups: ["events.k8s.io"], resources: ["events"], verbs: read },
  { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["get", "list"] },
];

const scale: AccessRule = {
  apiGroups: ["apps"],
  resources: ["deployments/scale", "statefulsets/scale"],
  verbs: ["get", "update", "patch"],
};

/** Look at workloads, their logs and events, and at the walls; not at secrets. */
export const viewRules: readonly AccessRule[] = [
  ...applicationRules(read),
  ...routeRules(read),
  ...kindRules([serviceAccounts, disruptionBudgets], read),
  ...diagnosis,
  ...walls,
];

/**
 * Deploy an application and look at it. Pods may use the secrets of the namespace all the same, and
 * run as any of its service accounts.
 */
export const developRules: readonly AccessRule[] = [
  ...applicationRules(write),
  scale,
  ...routeRules(read),
  ...kindRules([serviceAccounts, disruptionBudgets], read),
  ...diagnosis,
  ...walls,
];

/**
 * The same, and run code in pods. Commands, terminals and forwarded ports take `create` alone:
 * before Kubernetes 1.35 `get` was enough to run commands, so a rule that lists it does more than
 * read. A kubectl whose WebSocket (a GET) is refused tries again with SPDY (a POST).
 * See https://github.com/kubernetes/kubernetes/issues/134577
 */
export const debugRules: readonly AccessRule[] = [
  ...developRules,
  {
    apiGroups: [""],
    resources: ["pods/attach", "pods/exec", "pods/portforward"],
    verbs: ["create"],
  },
  {
    apiGroups: [""],
    resources: ["pods/ephemeralcontainers"],
    verbs: ["get", "update", "patch"],
  },
];

/** Read secrets; each of the three verbs returns their content. */
export const secretReadRules: readonly AccessRule[] = [
  { apiGroups: [""], resources: ["secrets"], verbs: read },
];

/**
 * What `helm upgrade --install`, `kubectl apply` and `pulumi up` of an application take. Helm keeps
 * its releases in secrets. A user who writes secrets can ask for a lasting token of a service account of
 * the namespace; only admission can refuse that.
 * See https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
 */
export const deployerRules: readonly AccessRule[] = [
  ...developRules,
  { apiGroups: [""], resources: ["secrets"], verbs: write },
];

/**
 * The same rules, and ingresses and HTTP routes may be written. Only for clusters where admission
 * fences their hosts: otherwise anybody could take the hosts of others.
 */
export function withIngresses(rules: readonly AccessRule[]): AccessRule[] {
  return withRules(rules, routeRules(write));
}

/** The same rules, and objects of these kinds may be written: what a deployer has by `deployerKinds`. */
export function withKinds(
  rules: readonly AccessRule[],
  kinds: readonly ObjectKind[],
): AccessRule[] {
  return withRules(rules, kindRules(kinds, write));
}

/** The rules with others in place of those that are about the same resources. */
function withRules(rules: readonly AccessRule[], others: readonly AccessRule[]): AccessRule[] {
  const isReplaced = ({ apiGroups, resources }: AccessRule) =>
    others.some(
      (other) =>
        other.apiGroups.some((group) => apiGroups.includes(group)) &&
        other.resources.some((resource) => resources.includes(resource)),
    );
  return [...rules.filter((rule) => !isReplaced(rule)), ...others];
}

/** The rules as the API server takes them, in lists of their own. */
export function roleRules(rules: readonly AccessRule[]) {
  return rules.map((rule) => ({
    apiGroups: [...rule.apiGroups],
    resources: [...rule.resources],
    verbs: [...rule.verbs],
  }));
}

function applicationRules(verbs: readonly string[]): AccessRule[] {
  return [
    {
      apiGroups: [""],
      resources: ["configmaps", "persistentvolumeclaims", "pods", "services"],
      verbs,
    },
    { apiGroups: ["apps"], resources: ["deployments", "statefulsets"], verbs },
    { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs },
    { apiGroups: ["batch"], resources: ["cronjobs", "jobs"], verbs },
  ];
}

function kindRules(kinds: readonly ObjectKind[], verbs: readonly string[]): AccessRule[] {
  const distinct = new Map(kinds.map((kind) => [countKey(kind), kind]));
  return [...distinct.values()].map(({ apiGroup, resource }) => ({
    apiGroups: [apiGroup],
    resources: [resource],
    verbs,
  }));
}

function routeRules(verbs: readonly string[]): AccessRule[] {
  return [
    { apiGroups: ["gateway.networking.k8s.io"], resources: ["httproutes"], verbs },
    { apiGroups: ["networking.k8s.io"], resources: ["ingresses"], verbs },
  ];
}
