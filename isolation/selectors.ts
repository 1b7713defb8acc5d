import type { DoubtCollector } from "./doubts";
import type { LabelFacts } from "./labelFacts";
import { isElement, isMissing, isRecord, recordOf } from "secure-environment/core";

export type Operator = "In" | "NotIn" | "Exists" | "DoesNotExist";

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: ReadonlySet<string>;
}

/** A label selector of which all requirements must hold. Without any, it selects everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** Whether there are requirements that are not understood, which may hold or not. */
  readonly isDoubtful: boolean;
}

export const everything: Selector = { requirements: [], isDoubtful: false };

/** A selector of which it is not known what it selects. */
export const doubtful: Selector = { requirements: [], isDoubtful: true };
const notUnderstood = "it counts as able to match anything, and as closing nothing";

/** Reads a selector that is there. */
export function readSelector(value: unknown, property: string, doubts: DoubtCollector): Selector {
  if (!isRecord(value)) {
    doubts.add(property, value, `is no label selector; ${notUnderstood}`);
    return doubtful;
  }
  const requirements = [
    ...readMatchLabels(value["matchLabels"], `${property}.matchLabels`, doubts),
    ...readExpressions(value["matchExpressions"], `${property}.matchExpressions`, doubts),
  ];
  return {
    requirements: requirements.filter((requirement) => requirement !== undefined),
    isDoubtful: requirements.includes(undefined),
  };
}

/** Whether the selector selects these labels, in doubt yes: for what opens something. */
export function mayMatch({ requirements }: Selector, labels: LabelFacts): boolean {
  return requirements.every((requirement) =>
    labels.complete || labels.known.has(requirement.key)
      ? holds(requirement, labels.known.get(requirement.key))
      : true,
  );
}

/** Whether the selector selects these labels, in doubt no: for what closes something. */
export function surelyMatches({ requirements, isDoubtful }: Selector, labels: LabelFacts): boolean {
  return (
    !isDoubtful &&
    requirements.every(
      (requirement) =>
        (labels.complete || labels.known.has(requirement.key)) &&
        holds(requirement, labels.known.get(requirement.key)),
    )
  );
}

/**
 * Whether a label with this value, or its absence, meets the requirement. `NotIn` holds for a
 * missing label too.
 * See Requirement.Matches in k8s.io/apimachinery/pkg/labels/selector.go
 */
export function holds({ operator, values }: Requirement, label: string | undefined): boolean {
  switch (operator) {
    case "In":
      return label !== undefined && values.has(label);
    case "NotIn":
      return label === undefined || !values.has(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
  }
}

type MaybeRequirement = Requirement | undefined;

function readMatchLabels(
  value: unknown,
  property: string,
  doubts: DoubtCollector,
): MaybeRequirement[] {
  if (isMissing(value)) {
    return [];
  }
  if (!isRecord(value)) {
    doubts.add(property, value, `are no labels; ${notUnderstood}`);
    return [undefined];
  }
  return Object.entries(value).map(([key, label]) => {
    if (typeof label === "string") {
      return { key, operator: "In", values: new Set([label]) };
    }
    doubts.add(`${property}["${key}"]`, label, `is no text; ${notUnderstood}`);
    return undefined;
  });
}

function readExpressions(
  value: unknown,
  property: string,
  doubts: DoubtCollector,
): MaybeRequirement[] {
  if (isMissing(value)) {
    return [];
  }
  if (!Array.isArray(value)) {
    doubts.add(property, value, `is no list; ${notUnderstood}`);
    return [undefined];
  }
  return value.map((expression, index) => {
    const requirement = isElement(expression) ? readExpression(recordOf(expression)) : undefined;
    if (requirement === undefined) {
      const fault = `is not an expression that Kubernetes takes; ${notUnderstood}`;
      doubts.add(`${property}[${index}]`, expression, fault);
    }
    return requirement;
  });
}

/** Values are needed for `In` and `NotIn`, and refused by Kubernetes for the others. */
function readExpression({
  key,
  operator,
  values,
}: Readonly<Record<string, unknown>>): MaybeRequirement {
  const list = isMissing(values) ? [] : values;
  if (typeof key !== "string" || key === "" || !isTexts(list) || !isOperator(operator)) {
    return undefined;
  }
  const takesValues = operator === "In" || operator === "NotIn";
  return takesValues === list.length > 0 ? { key, operator, values: new Set(list) } : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isOperator(value: unknown): value is Operator {
  return value === "In" || value === "NotIn" || value === "Exists" || value === "DoesNotExist";
}
