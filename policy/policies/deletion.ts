import {
  isMissing,
  maximumGraceSeconds,
  problemUnless,
  releasedFinalizers,
  textOf,
  unreadable,
} from "secure-environment/core";
import { elementsOf, type Field, fieldAt, fieldBelow, fieldsAt, unknownViolation } from "../fields";
import { type Violation, onObjects, type ResourcePolicy } from "../policy";
import { isOfKind } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";
import { containersOf, metadataFieldsOf, podTemplateOf } from "../podTemplates";

/** What is to go goes. */
export const objectsEndInTime: ResourcePolicy<object> = {
  name: "objects-end-in-time",
  description: `Nothing that a stack makes holds up a deletion, its own or somebody else's: no finalizers, no owners that wait for it, and pods that end within ${maximumGraceSeconds} seconds.`,
  threat:
    "An environment that never ends, or an object of others that nobody can delete any more, such as a binding that an administrator revokes.",
  remediation: `Leave out finalizers and \`blockOwnerDeletion\`; give pods a \`terminationGracePeriodSeconds\` of ${maximumGraceSeconds} at most.`,
  severity: "high",
  url: "https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/",
  example: {
    bad: 'metadata: { finalizers: ["example.com/never"] }, spec: { terminationGracePeriodSeconds: 315360000 }',
    good: "spec: { terminationGracePeriodSeconds: 30 }",
  },
  settings: {},
  judge: onObjects((object) => [
    ...metadataFieldsOf(object)
      .filter(({ value }) => value !== unreadable)
      .flatMap((metadata) => [...finalizerViolations(metadata), ...ownerViolations(metadata)]),
    ...namespaceViolations(object),
    ...graceViolations(object),
  ]),
};

function finalizerViolations(metadata: Field): Violation[] {
  return elementsOf(fieldBelow(metadata, "finalizers")).flatMap((finalizer) =>
    elementViolations(finalizer, releasedFinalizers),
  );
}

/** A namespace has finalizers of its own, of which Kubernetes takes off one. */
function namespaceViolations(object: KubernetesObject): Violation[] {
  return isOfKind(object, { "": ["Namespace"] })
    ? fieldsAt({ property: "", value: object.properties }, "spec.finalizers[]").flatMap(
        (finalizer) => elementViolations(finalizer, ["kubernetes"]),
      )
    : [];
}

function elementViolations({ property, value }: Field, released: readonly string[]): Violation[] {
  if (value === unreadable) {
    return [unknownViolation(property)];
  }
  const fault = "holds the object in its deletion until somebody takes it off";
  const remedy = "Leave it out.";
  return problemUnless(released.includes(textOf(value) ?? ""), property, fault, remedy);
}

/**
 * The garbage collector does not ask whose the owner is.
 * See https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion
 */
function ownerViolations(metadata: Field): Violation[] {
  return elementsOf(fieldBelow(metadata, "ownerReferences")).flatMap((owner) => {
    const { property, value } = fieldBelow(owner, "blockOwnerDeletion");
    if (value === unreadable) {
      return [unknownViolation(property)];
    }
    const fault = "has the owner's deletion wait for this object, whoever owns the owner";
    const remedy = "Leave it out: the object goes with its owner all the same.";
    return problemUnless(isMissing(value) || value === false, property, fault, remedy);
  });
}

/** What is computed as a whole is judged once more, with its values, before it is made. */
function graceViolations(object: KubernetesObject): Violation[] {
  const template = podTemplateOf(object);
  if (template === undefined || template.spec.value === unreadable) {
    return [];
  }
  const ofProbes = containersOf(template).flatMap((container) =>
    ["livenessProbe", "readinessProbe", "startupProbe"].map((probe) =>
      fieldBelow(container, probe),
    ),
  );
  return [template.spec, ...ofProbes]
    .map((field) => fieldAt(field, "terminationGracePeriodSeconds"))
    .flatMap(({ property, value }) => {
      if (value === unreadable) {
        return [unknownViolation(property)];
      }
      const fault = `is not at most ${maximumGraceSeconds} seconds`;
      const remedy = "Lower it: nothing would end the pod before.";
      const isValid =
        isMissing(value) || (typeof value === "number" && value <= maximumGraceSeconds);
      return problemUnless(isValid, property, fault, remedy);
    });
}
