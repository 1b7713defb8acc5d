import { containerLimits, podMaximum } from "secure-environment-isolation";
import { computeResources, problem, problemUnless } from "secure-environment/core";
import { type StackPolicy, type StackViolation, violationsBy } from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { orComponent, specsOf, wallsOf } from "../walls";

/** A quota counts what containers ask for; a limit range makes them ask. */
export const environmentHasLimitRange: StackPolicy<object> = {
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
  judgeStack: ({ namespaces }) => namespaces.flatMap(limitRangeViolations),
};

function limitRangeViolations(namespace: JudgedNamespace): StackViolation[] {
  const { resource } = namespace.object;
  const limitRanges = wallsOf(namespace, "LimitRange");
  const specs = specsOf(limitRanges);
  const remedy = `Add a LimitRange with limits of the types Container (default) and Pod (max), each with plain values for ${computeResources.join(", ")}, ${orComponent}.`;
  if (limitRanges.length === 0) {
    return [{ resource, ...problem("", "has no LimitRange", remedy) }];
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
  const fault = `has a LimitRange without the ${missing.join(", the ")}`;
  return violationsBy(resource, problemUnless(missing.length === 0, "", fault, remedy));
}
