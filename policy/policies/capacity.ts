import { amountOf } from "secure-environment-isolation";
import {
  isMissing,
  isRecord,
  problem,
  problemUnless,
  recordOf,
  unreadable,
} from "secure-environment/core";
import { type Ceilings, ceilingOf, ceilingsIn, ceilingsSetting, hardEntry } from "../ceilings";
import { type StackPolicy, type Violation } from "../policy";
import { isOfKind } from "../kinds";

interface CeilingSettings {
  readonly ceilings: Ceilings;
}

/** What an environment may take is not for itself to say. */
export const quotasAreWithinCeilings: StackPolicy<CeilingSettings> = {
  name: "quotas-are-within-ceilings",
  description: "No entry of a ResourceQuota is above its ceiling.",
  threat: "One environment takes the nodes of all others, a load balancer or a GPU.",
  remediation: "Lower the entry, or have the platform's administrators raise the ceiling.",
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
  example: {
    bad: 'new k8s.core.v1.ResourceQuota("x", { spec: { hard: { "limits.cpu": "1k" } } })',
    good: 'new k8s.core.v1.ResourceQuota("x", { spec: { hard: { "limits.cpu": "8" } } })',
  },
  settings: { ceilings: ceilingsSetting },
  judgeStack: ({ objects, namespaceOf }, { ceilings }) =>
    objects
      .filter((object) => isOfKind(object, { "": ["ResourceQuota"] }))
      .flatMap((object) => {
        const namespace = namespaceOf(object);
        const { resource, properties } = object;
        const found = specViolations(properties["spec"], ceilingsIn(namespace?.object, ceilings));
        return found.map((violation) => ({ resource, ...violation }));
      }),
};

function specViolations(spec: unknown, ceilings: Ceilings): Violation[] {
  if (!isMissing(spec) && !isRecord(spec)) {
    return [unusable("spec", spec)];
  }
  const { hard } = recordOf(spec);
  return isMissing(hard) || isRecord(hard)
    ? Object.entries(recordOf(hard)).flatMap(([key, value]) =>
        entryViolations(key, value, ceilings),
      )
    : [unusable("spec.hard", hard)];
}

function entryViolations(key: string, value: unknown, ceilings: Ceilings): Violation[] {
  const amount = amountOf(value);
  if (amount === undefined) {
    return [unusable(hardEntry(key), value)];
  }
  const ceiling = ceilingOf(key, ceilings);
  const fault = `has more than the ceiling, which is ${ceiling?.text}`;
  const remedy = "Lower it, or have the platform's administrators raise the setting `ceilings`.";
  const isValid = ceiling === undefined || amount <= ceiling.amount;
  return problemUnless(isValid, hardEntry(key), fault, remedy);
}

function unusable(property: string, value: unknown): Violation {
  const fault =
    value === unreadable
      ? "is not known before the update, so nobody can tell what it bounds"
      : "is not what Kubernetes takes there, so nobody can tell what it bounds";
  const remedy = 'Give plain quantities as texts, such as "2", "500m" or "10Gi".';
  return problem(property, fault, remedy);
}
