import { isUnscoped, quotaBounds, quotaKey } from "secure-environment-isolation";
import { computeResources, problem, recordOf, unreadable } from "secure-environment/core";
import { hardEntry } from "../ceilings";
import { type StackViolation, type StackPolicy } from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { type KubernetesObject } from "../kubernetesObject";
import { orComponent, specsOf, wallsOf } from "../walls";

interface QuotaSettings {
  readonly requiredKeys: readonly string[];
}

/** Without a quota, one environment takes all. */
export const environmentHasQuota: StackPolicy<QuotaSettings> = {
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
    namespaces.flatMap((namespace) => quotaViolations(namespace, requiredKeys)),
};

function quotaViolations(namespace: JudgedNamespace, requiredKeys: readonly string[]) {
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
): StackViolation {
  const remedy = `Add a ResourceQuota without scopes that has them in plain values, ${orComponent}.`;
  if (counting.length > 0) {
    const fault = `has no bound on ${missing.join(", ")}`;
    return { resource: object.resource, ...problem("", fault, remedy) };
  }
  const fault =
    quotas.length === 0
      ? "has no ResourceQuota"
      : "has ResourceQuotas with scopes only, which do not count every pod";
  return {
    resource: object.resource,
    ...problem("", fault, `${remedy} They are ${missing.join(", ")}.`),
  };
}

/** Where something that is not known yet keeps a quota from counting. */
function unknownInQuota({ resource, properties }: KubernetesObject): StackViolation[] {
  const spec = properties["spec"];
  const { hard, scopes, scopeSelector } = recordOf(spec);
  const places = [
    ["spec", spec],
    ["spec.hard", hard],
    ["spec.scopes", scopes],
    ["spec.scopeSelector", scopeSelector],
    ...Object.entries(recordOf(hard)).map(([key, value]) => [hardEntry(key), value] as const),
  ] as const;
  const fault = "is not known before the update, so nobody can tell what it bounds";
  const remedy = "Give a plain value.";
  return places
    .filter(([, value]) => value === unreadable)
    .map(([property]) => ({ resource, ...problem(property, fault, remedy) }));
}
