import { quotaBounds } from "secure-environment-isolation";
import { problem } from "secure-environment/core";
import {
  type Ceiling,
  ceilingOf,
  type Ceilings,
  ceilingsIn,
  ceilingsSetting,
  hardEntry,
} from "../ceilings";
import { type StackViolation, type StackPolicy } from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { specsOf, wallsOf } from "../walls";

interface QuotaSumSettings {
  readonly ceilings: Ceilings;
}

/** Several namespaces of one stack share what one may have. */
export const quotasFitTogether: StackPolicy<QuotaSumSettings> = {
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
  judgeStack: ({ namespaces }, { ceilings }) =>
    namespaces.flatMap((namespace, index) =>
      [...boundsOf(namespace).keys()].flatMap((key) => {
        const together = namespaces.slice(0, index + 1);
        const ceiling = highestCeiling(key, together, ceilings);
        return ceiling === undefined || sumOf(key, together) <= ceiling.amount
          ? []
          : [sumViolation(namespace, key, ceiling)];
      }),
    ),
};

/** Of the ceilings in the namespaces: one that is part of a mesh has more. */
function highestCeiling(
  key: string,
  namespaces: readonly JudgedNamespace[],
  ceilings: Ceilings,
): Ceiling | undefined {
  const [highest] = namespaces
    .flatMap(({ object }) => ceilingOf(key, ceilingsIn(object, ceilings)) ?? [])
    .toSorted((one, other) => Number(other.amount - one.amount));
  return highest;
}

/** What the namespaces may take of one thing together. */
function sumOf(key: string, namespaces: readonly JudgedNamespace[]): bigint {
  return namespaces.reduce((sum, namespace) => sum + (boundsOf(namespace).get(key) ?? 0n), 0n);
}

function boundsOf(namespace: JudgedNamespace): ReadonlyMap<string, bigint> {
  return quotaBounds(specsOf(wallsOf(namespace, "ResourceQuota")));
}

/** Said of each namespace from the one on that goes too far: any of these may be excepted. */
function sumViolation({ object }: JudgedNamespace, key: string, { text }: Ceiling): StackViolation {
  const fault = `has quotas that are, with those of the stack's namespaces before it, above the ceiling ${text} of ${hardEntry(key)}`;
  const remedy =
    "Lower the quotas, or have the platform's administrators raise the setting `ceilings`.";
  return { resource: object.resource, ...problem("", fault, remedy) };
}
