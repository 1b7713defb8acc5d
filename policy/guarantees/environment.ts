import {
  containerLimits,
  createModel,
  type DefaultDeny,
  type Direction,
  isUnscoped,
  type NetworkPolicy,
  peerOpenings,
  podMaximum,
  quotaBounds,
  quotaKey,
  recordOf,
  refusesPods,
  unreadable,
} from "secure-environment-isolation";
import { type Ceilings, ceilingOf, ceilingsSetting, hardEntry } from "../ceilings";
import { type StackFinding, type StackGuarantee } from "../guarantee";
import { type JudgedNamespace, type JudgedStack } from "../judgedStack";
import { scopeOf } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";
import { specsOf, wallsOf } from "../walls";

const computeResources = ["cpu", "memory", "ephemeral-storage"] as const;
const orComponent = "or use the component SecureEnvironment, which has it";

interface QuotaSettings {
  readonly requiredKeys: readonly string[];
}

/** Without a quota, one environment takes all. */
export const environmentHasQuota: StackGuarantee<QuotaSettings> = {
  name: "environment-has-quota",
  description:
    "Every namespace of the stack has a ResourceQuota without scopes that bounds what is required.",
  threat: "One environment takes the CPU, the memory, the disks and the addresses of all others.",
  remediation: `Add a ResourceQuota without scopes for all of the keys, ${orComponent}.`,
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
  example: {
    bad: 'new k8s.core.v1.Namespace("x", { metadata: { name: "review-x" } })',
    good: 'new SecureEnvironment("x")',
  },
  settings: {
    requiredKeys: {
      type: "array",
      description: "Keys of `spec.hard` that quotas without scopes must have, together.",
      items: { type: "string", minLength: 1 },
      default: [
        ...computeResources.map((resource) => `requests.${resource}`),
        ...computeResources.map((resource) => `limits.${resource}`),
        "requests.storage",
        "persistentvolumeclaims",
        "pods",
        "count/pods",
        "services",
        "services.loadbalancers",
        "services.nodeports",
        "configmaps",
        "secrets",
      ],
    },
  },
  judgeStack: ({ namespaces }, { requiredKeys }) =>
    namespaces.flatMap((namespace) => quotaFindings(namespace, requiredKeys)),
};

function quotaFindings(namespace: JudgedNamespace, requiredKeys: readonly string[]) {
  const quotas = wallsOf(namespace, "ResourceQuota");
  const counting = quotas.filter(({ properties }) => isUnscoped(properties["spec"]));
  const bounds = quotaBounds(specsOf(counting));
  const missing = requiredKeys.filter((key) => !bounds.has(quotaKey(key)));
  return missing.length === 0
    ? []
    : [missingQuota(namespace, quotas, counting, missing), ...quotas.flatMap(unknownInQuota)];
}

function missingQuota(
  { object }: JudgedNamespace,
  quotas: readonly KubernetesObject[],
  counting: readonly KubernetesObject[],
  missing: readonly string[],
): StackFinding {
  const remedy = `Add a ResourceQuota without scopes that has them in plain values, ${orComponent}.`;
  if (counting.length > 0) {
    const fault = `has no bound on ${missing.join(", ")}`;
    return { resource: object.resource, fault, remedy };
  }
  const fault =
    quotas.length === 0
      ? "has no ResourceQuota"
      : "has ResourceQuotas with scopes only, which do not count every pod";
  return {
    resource: object.resource,
    fault,
    remedy: `${remedy} They are ${missing.join(", ")}.`,
  };
}

/** Where something that is not known yet keeps a quota from counting. */
function unknownInQuota({ resource, properties }: KubernetesObject): StackFinding[] {
  const spec = properties["spec"];
  const { hard, scopes, scopeSelector } = recordOf(spec);
  const places = [
    ["spec", spec],
    ["spec.hard", hard],
    ["spec.scopes", scopes],
    ["spec.scopeSelector", scopeSelector],
    ...Object.entries(recordOf(hard)).map(([key, value]) => [hardEntry(key), value] as const),
  ] as const;
  return places
    .filter(([, value]) => value === unreadable)
    .map(([property]) => ({
      resource,
      property,
      fault: "is not known before the update, so nobody can tell what it bounds",
      remedy: "Give a plain value.",
    }));
}

/** A quota counts what containers ask for; a limit range makes them ask. */
export const environmentHasLimitRange: StackGuarantee<object> = {
  name: "environment-has-limit-range",
  description:
    "Every namespace of the stack has a LimitRange with defaults for containers and a maximum for pods.",
  threat:
    "Pods that ask for nothing are refused or not counted, and one pod hides what its containers use.",
  remediation: `Add a LimitRange with a default for containers and a maximum for pods, ${orComponent}.`,
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/policy/limit-range/",
  example: {
    bad: 'limits: [{ type: "Container", default: { cpu: "500m" } }]',
    good: 'limits: [{ type: "Container", default }, { type: "Pod", max }] // each with cpu, memory and ephemeral-storage',
  },
  settings: {},
  judgeStack: ({ namespaces }) => namespaces.flatMap(limitRangeFindings),
};

function limitRangeFindings(namespace: JudgedNamespace): StackFinding[] {
  const { resource } = namespace.object;
  const limitRanges = wallsOf(namespace, "LimitRange");
  const specs = specsOf(limitRanges);
  const remedy = `Add a LimitRange with limits of the types Container (default) and Pod (max), each with plain values for ${computeResources.join(", ")}, ${orComponent}.`;
  if (limitRanges.length === 0) {
    return [{ resource, fault: "has no LimitRange", remedy }];
  }
  const [defaults, maximum] = [containerLimits(specs), podMaximum(specs)];
  const missing = [
    ...computeResources
      .filter((name) => !defaults.has(name))
      .map((name) => `default ${name} of containers`),
    ...computeResources
      .filter((name) => !maximum.has(name))
      .map((name) => `maximum ${name} of pods`),
  ];
  return missing.length === 0
    ? []
    : [{ resource, fault: `has a LimitRange without the ${missing.join(", the ")}`, remedy }];
}

/** Pods of which a single one takes from others what no amount bounds. */
export const environmentCannotDisplaceOthers: StackGuarantee<object> = {
  name: "environment-cannot-displace-others",
  description:
    "Quotas of zero refuse pods with a priority of the system and pods with affinity to other namespaces.",
  threat:
    "A pod evicts others by its priority, or keeps those of staging off the nodes by its affinity.",
  remediation: `Add ResourceQuotas of zero pods for the scopes PriorityClass and CrossNamespacePodAffinity, ${orComponent}.`,
  severity: "medium",
  url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes",
  isAdvisory: true,
  example: {
    bad: 'hard: { pods: "20" }',
    good: 'hard: { pods: "0" }, scopeSelector: { matchExpressions: [{ scopeName: "CrossNamespacePodAffinity", operator: "Exists" }] }',
  },
  settings: {},
  judgeStack: ({ namespaces }) => namespaces.flatMap(displacementFindings),
};

const displacingPods = [
  {
    what: "of the priority system-node-critical",
    scope: { scopeName: "PriorityClass", value: "system-node-critical" },
  },
  {
    what: "of the priority system-cluster-critical",
    scope: { scopeName: "PriorityClass", value: "system-cluster-critical" },
  },
  {
    what: "with affinity to pods of other namespaces",
    scope: { scopeName: "CrossNamespacePodAffinity" },
  },
];

function displacementFindings(namespace: JudgedNamespace): StackFinding[] {
  const specs = specsOf(wallsOf(namespace, "ResourceQuota"));
  return displacingPods
    .filter(({ scope }) => !refusesPods(specs, scope))
    .map(({ what, scope }) => ({
      resource: namespace.object.resource,
      fault: `has no ResourceQuota that refuses pods ${what}`,
      remedy: `Add one of zero pods with the scope ${scope.scopeName}, ${orComponent}.`,
    }));
}

/** Network policies only add to what is allowed: closed is what all of them close. */
export const environmentDeniesByDefault: StackGuarantee<object> = {
  name: "environment-denies-by-default",
  description:
    "The NetworkPolicies of every namespace of the stack close both directions for every pod that could ever be in it.",
  threat:
    "A pod that no policy selects reaches every other environment, and is reached from there.",
  remediation: `Add a NetworkPolicy with an empty podSelector and both policyTypes, ${orComponent}.`,
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
  example: {
    bad: 'spec: { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress"] }',
    good: 'spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] }',
  },
  settings: {},
  judgeStack: ({ namespaces }) => namespaces.flatMap(denyFindings),
};

/** Stands for the name, which may not be known yet: all objects here are in one namespace. */
const standIn = "environment";

function denyFindings(namespace: JudgedNamespace): StackFinding[] {
  const policies = wallsOf(namespace, "NetworkPolicy");
  const model = createModel(policies.map(placed));
  const open = (["Ingress", "Egress"] as const).flatMap((direction) => {
    const deny = model.deniesByDefault(standIn, direction);
    return deny.denies ? [] : [openFinding(namespace, direction, deny)];
  });
  return open.length === 0 ? [] : [...open, ...policies.flatMap(unknownInPolicy)];
}

function placed({ properties }: KubernetesObject): NetworkPolicy {
  return { ...properties, kind: "NetworkPolicy", metadata: { namespace: standIn } };
}

function openFinding(
  { object }: JudgedNamespace,
  direction: Direction,
  { by, escaping }: DefaultDeny,
): StackFinding {
  const way = direction === "Ingress" ? "what comes to its pods" : "what leaves its pods";
  return {
    resource: object.resource,
    fault: `does not close ${way}: ${escapeText(by.length, escaping)}`,
    remedy: `Add a NetworkPolicy with podSelector {} and policyTypes ["Ingress", "Egress"], ${orComponent}.`,
  };
}

/** Labels stay out of the text: somebody could have made them secret. */
function escapeText(policies: number, escaping: DefaultDeny["escaping"]): string {
  if (policies === 0) {
    return "no NetworkPolicy is known to do so";
  }
  if (escaping === undefined) {
    return "there are too many combinations of labels to tell whether its NetworkPolicies do so";
  }
  return Object.keys(escaping).length === 0
    ? "a pod without labels is selected by none of its NetworkPolicies"
    : "pods with certain labels are selected by none of its NetworkPolicies";
}

function unknownInPolicy(policy: KubernetesObject): StackFinding[] {
  const closing = /^spec(\.(podSelector|policyTypes)\b.*)?$/s;
  return peerOpenings(placed(policy))
    .faults.filter(({ property, isUnknown }) => isUnknown === true && closing.test(property))
    .map(({ property }) => ({
      resource: policy.resource,
      property: property.replace(/\["[\s\S]*"\]$/, ""),
      fault: "is not known before the update, so nobody can tell what it closes",
      remedy: "Give a plain value.",
    }));
}

interface PlaceSettings {
  readonly allowedNamespaces: readonly string[];
}

/** What is outside has no walls of the stack's own. */
export const environmentIsSelfContained: StackGuarantee<PlaceSettings> = {
  name: "environment-is-self-contained",
  description: "Everything that the stack makes inside a namespace is in one that it makes itself.",
  threat:
    "A workload or a binding ends up in somebody else's namespace, or in `default`, where no walls are.",
  remediation: "Set `metadata.namespace` to the name of the namespace that the stack makes.",
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/",
  example: {
    bad: 'new k8s.core.v1.Service("web", { spec })',
    good: 'new k8s.core.v1.Service("web", { metadata: { namespace: environment.namespaceName }, spec })',
  },
  settings: {
    allowedNamespaces: {
      type: "array",
      description: "Namespaces of others into which a stack may put objects.",
      items: { type: "string", minLength: 1 },
      default: [],
    },
  },
  judgeStack: ({ objects, namespaces }, { allowedNamespaces }) => {
    const inside = new Set(namespaces.flatMap((namespace) => namespace.inside));
    return objects
      .filter((object) => isInNamespace(object) && !inside.has(object))
      .filter(({ namespace }) => !allowedNamespaces.some((allowed) => allowed === namespace))
      .map(outsideFinding);
  },
};

/** Whether a custom kind is inside namespaces, nobody says but its objects. */
function isInNamespace(object: KubernetesObject): boolean {
  const scope = scopeOf(object);
  return scope === "namespace" || (scope === "unknown" && namesNamespace(object));
}

function namesNamespace({ metadata }: KubernetesObject): boolean {
  return ![undefined, null, ""].includes(metadata["namespace"] as string);
}

function outsideFinding(object: KubernetesObject): StackFinding {
  return {
    resource: object.resource,
    property: "metadata.namespace",
    fault: outsideFault(object),
    remedy:
      "Use the name of the namespace that the stack makes, such as `environment.namespaceName`.",
  };
}

function outsideFault(object: KubernetesObject): string {
  if (object.namespace === unreadable) {
    return "is not known before the update, and the object depends on no single namespace of the stack";
  }
  return namesNamespace(object)
    ? "is a namespace that the stack does not make"
    : "is left out, so the object is in the provider's default namespace";
}

interface QuotaSumSettings {
  readonly ceilings: Ceilings;
}

/** Several namespaces of one stack share what one may have. */
export const quotasFitTogether: StackGuarantee<QuotaSumSettings> = {
  name: "quotas-fit-together",
  description: "What the namespaces of a stack may take together is within the ceilings.",
  threat: "A stack takes a multiple of its share by making several namespaces.",
  remediation: "Lower the quotas, or make the environments in stacks of their own.",
  severity: "medium",
  url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
  example: {
    bad: 'new SecureEnvironment("a", { size: "large", project: "a" }); new SecureEnvironment("b", { size: "large", project: "b" })',
    good: 'new SecureEnvironment("a", { size: "large" })',
  },
  settings: { ceilings: ceilingsSetting },
  judgeStack: (stack, { ceilings }) =>
    [...sumsOf(stack)].flatMap(([key, sum]) => {
      const ceiling = ceilingOf(key, ceilings);
      return ceiling === undefined || sum <= ceiling.amount
        ? []
        : [
            {
              fault: `has quotas that are together above the ceiling ${ceiling.text} of ${hardEntry(key)}`,
              remedy:
                "Lower the quotas, or have the platform's administrators raise the setting `ceilings`.",
            },
          ];
    }),
};

/** What all namespaces may take together. */
function sumsOf({ namespaces }: JudgedStack): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const namespace of namespaces) {
    for (const [key, amount] of quotaBounds(specsOf(wallsOf(namespace, "ResourceQuota")))) {
      sums.set(key, (sums.get(key) ?? 0n) + amount);
    }
  }
  return sums;
}
