import {
  allowsDisruption,
  isMissing,
  problem,
  problemUnless,
  unreadable,
} from "secure-environment/core";
import { fieldAt, unknownViolation } from "../fields";
import { type Violation, onObjects, type ResourcePolicy } from "../policy";
import { isOfKind } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";

/** Nodes are shared with others, and have to be drained. */
export const disruptionBudgetsAllowDisruptions: ResourcePolicy<object> = {
  name: "disruption-budgets-allow-disruptions",
  description: "Every PodDisruptionBudget lets a pod go.",
  threat: "A node with the pod of a forgotten branch cannot be drained, repaired or updated.",
  remediation:
    "Set `maxUnavailable` to at least 1 or 1%, and leave out `minAvailable`; or leave the budget out.",
  severity: "medium",
  url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
  example: {
    bad: 'new k8s.policy.v1.PodDisruptionBudget("x", { spec: { minAvailable: 1, selector } })',
    good: 'new k8s.policy.v1.PodDisruptionBudget("x", { spec: { maxUnavailable: 1, selector } })',
  },
  settings: {},
  judge: onObjects((object) =>
    isOfKind(object, { policy: ["PodDisruptionBudget"] }) ? budgetViolations(object) : [],
  ),
};

const remedy = "Set maxUnavailable to at least 1 or 1%, and leave out minAvailable.";

function budgetViolations({ properties, isPatch }: KubernetesObject): Violation[] {
  const field = (name: string) => fieldAt({ property: "", value: properties }, `spec.${name}`);
  const [most, least] = [field("maxUnavailable"), field("minAvailable")];
  if (!isMissing(least.value)) {
    const fault = "keeps nodes from being drained while there are no more pods than it asks for";
    return [
      least.value === unreadable
        ? unknownViolation(least.property)
        : problem(least.property, fault, remedy),
    ];
  }
  if (most.value === unreadable) {
    return [unknownViolation(most.property)];
  }
  if (isMissing(most.value)) {
    return problemUnless(isPatch, most.property, "is missing, so no pod goes", remedy);
  }
  return problemUnless(allowsDisruption(most.value), most.property, "lets no pod go", remedy);
}
