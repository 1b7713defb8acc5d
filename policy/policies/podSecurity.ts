import { isMissing, problem, problemUnless, textOf, unreadable } from "secure-environment/core";
import { distinct, type Field, fieldAt, fieldBelow, unknownViolation } from "../fields";
import { type Violation, type ResourcePolicy } from "../policy";
import { isOfKind } from "../kinds";
import { kubernetesObject } from "../kubernetesObject";

interface PodSecuritySettings {
  readonly levels: readonly string[];
}

const levelLabel = "pod-security.kubernetes.io/enforce";
const versionLabel = "pod-security.kubernetes.io/enforce-version";

/** See https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
const knownLevels = ["privileged", "baseline", "restricted"];

/** Every namespace of the stack refuses pods that are not restricted, by the newest rules. */
export const namespacesEnforcePodSecurity: ResourcePolicy<PodSecuritySettings> = {
  name: "namespaces-enforce-pod-security",
  description:
    "Every namespace refuses pods that do not keep an allowed Pod Security Standard in its latest version.",
  threat:
    "A privileged pod, or one with a directory of its node, takes over the node and all that runs there.",
  remediation:
    "Set the label `pod-security.kubernetes.io/enforce` to `restricted`, and its `enforce-version` to `latest`.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
  example: {
    bad: 'new k8s.core.v1.Namespace("x", { metadata: { name: "review-x" } })',
    good: 'new k8s.core.v1.Namespace("x", { metadata: { name: "review-x", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } })',
  },
  settings: {
    levels: {
      type: "array",
      description: "The Pod Security Standards that a namespace may enforce.",
      items: { type: "string", enum: ["restricted", "baseline"] },
      minItems: 1,
      default: ["restricted"],
    },
  },
  judge: (resource, { levels }) => {
    const object = kubernetesObject(resource);
    if (object === undefined || !isOfKind(object, { "": ["Namespace"] })) {
      return [];
    }
    const labels = fieldAt({ property: "", value: object.properties }, "metadata.labels");
    const level = fieldBelow(labels, levelLabel);
    const isUntouched = object.isPatch && level.value === undefined;
    return distinct([
      ...(isUntouched ? [] : levelViolations(level, levels)),
      ...versionViolations(fieldBelow(labels, versionLabel)),
    ]);
  },
};

function levelViolations({ property, value }: Field, levels: readonly string[]): Violation[] {
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  const level = textOf(value) ?? "";
  const remedy = `Set it to ${levels.join(" or ")}.`;
  if (levels.includes(level)) {
    return [];
  }
  if (isMissing(value)) {
    return [problem(property, "is missing, so the namespace admits every pod", remedy)];
  }
  const fault = knownLevels.includes(level)
    ? `is ${level}, which lets too much in`
    : "is no Pod Security Standard";
  return [problem(property, fault, remedy)];
}

/**
 * An old version lacks what was found since: before 1.34 probes could reach any host from the node.
 * See https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
function versionViolations({ property, value }: Field): Violation[] {
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  const fault = "is not latest, so rules that were added since do not hold";
  const remedy = "Set it to latest.";
  return problemUnless(isMissing(value) || value === "latest", property, fault, remedy);
}
