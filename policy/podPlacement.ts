import {
  isMissing,
  isRecord,
  problem,
  problemUnless,
  singleNodeLabels,
  toleratedConditions,
  type UnknownRecord,
  unreadable,
} from "secure-environment/core";
import {
  elementsOf,
  type Field,
  fieldBelow,
  fieldsAt,
  isNothing,
  unknownViolation,
} from "./fields";
import { type Violation } from "./policy";
import { type MaybeKnown } from "./kubernetesObject";

/**
 * Where pods run is the scheduler's to say, among the nodes that are there for their environment.
 * A specification that is not known as a whole is judged once more before it is made.
 */

/** Which nodes of others the tolerations let the pod onto. */
export function tolerationViolations(spec: Field, poolKeys: readonly string[]): Violation[] {
  return fieldsAt(spec, "tolerations[]").flatMap((toleration) => {
    if (!isRecord(toleration.value)) {
      return [];
    }
    const unknown = ["key", "effect", "operator"]
      .map((key) => fieldBelow(toleration, key))
      .find(({ value }) => value === unreadable);
    if (unknown !== undefined) {
      return [unknownViolation(unknown.property)];
    }
    const { property, value } = toleration;
    const fault = tolerationFault(value);
    const remedy = `Leave it out, or name the taint of the environment's own pool (${poolKeys.join(", ")}) with its value.`;
    return problemUnless(isTolerated(value, poolKeys), property, fault, remedy);
  });
}

function isTolerated(toleration: UnknownRecord, poolKeys: readonly string[]): boolean {
  const { key, effect, operator, value } = toleration;
  const isOfPool =
    poolKeys.some((poolKey) => poolKey === key) &&
    (isNothing(operator) || operator === "Equal") &&
    !isNothing(value);
  return (
    isOfPool ||
    toleratedConditions.some((condition) => condition.key === key && condition.effect === effect)
  );
}

/** Without a key a toleration is for every taint, whatever else it says. */
function tolerationFault({ key }: UnknownRecord): string {
  return isNothing(key)
    ? "has no key, so it lets the pod onto every node, those of others included"
    : "lets the pod onto nodes that are for others, or not fit for pods";
}

/** What chooses a single node by its name. */
export function nodeViolations(spec: Field): Violation[] {
  const selector = fieldBelow(spec, "nodeSelector");
  const terms = [
    ...fieldsAt(
      spec,
      "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[]",
    ),
    ...fieldsAt(
      spec,
      "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[].preference",
    ),
  ].filter(({ value }) => value !== unreadable);
  const byLabels = terms.flatMap((term) => elementsOf(fieldBelow(term, "matchExpressions")));
  const fault = "chooses single nodes, past what the scheduler weighs";
  const remedy = "Leave it out, or choose by labels that many nodes have.";
  return [
    ...singleNodeLabels
      .map((label) => fieldBelow(selector, label))
      .filter(({ value }) => value !== unreadable && !isMissing(value)),
    ...terms.flatMap((term) => elementsOf(fieldBelow(term, "matchFields"))),
    ...byLabels.filter((expression) => {
      const { value } = fieldBelow(expression, "key");
      return value === unreadable || singleNodeLabels.some((label) => label === value);
    }),
  ].map(({ property }) => problem(property, fault, remedy));
}

/** Affinity holds both ways: where such a pod runs, pods of others find no node, or must be. */
export function affinityViolations(spec: Field, namespace: MaybeKnown): Violation[] {
  const terms = ["podAffinity", "podAntiAffinity"].flatMap((kind) => [
    ...fieldsAt(spec, `affinity.${kind}.requiredDuringSchedulingIgnoredDuringExecution[]`),
    ...fieldsAt(
      spec,
      `affinity.${kind}.preferredDuringSchedulingIgnoredDuringExecution[].podAffinityTerm`,
    ),
  ]);
  const fault = "goes by pods of other namespaces, and keeps those off their nodes";
  const remedy = "Leave it out: the pods of the own namespace are meant then.";
  return terms
    .filter(({ value }) => value !== unreadable)
    .flatMap((term) => [
      fieldBelow(term, "namespaceSelector"),
      ...elementsOf(fieldBelow(term, "namespaces")),
    ])
    .filter(({ value }) => !isMissing(value) && value !== namespace)
    .map(({ property, value }) =>
      value === unreadable ? unknownViolation(property) : problem(property, fault, remedy),
    );
}
