import { isLabelKey, isLabelValue } from "../../core/metadata";
import { problem, type Problem } from "../../core/problems";

/**
 * Everything wrong with labels that select pods.
 * See https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function selectorLabelProblems(
  property: string,
  labels: Readonly<Record<string, string>> = {},
): Problem[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...(isLabelKey(key) ? [] : [keyProblem(`${property}["${key}"]`)]),
    ...(value === "" || isLabelValue(value) ? [] : [valueProblem(`${property}["${key}"]`, value)]),
  ]);
}

function keyProblem(property: string): Problem {
  const remedy =
    "Use at most 63 letters, digits, -, _ and ., after a prefix such as example.com/ if any.";
  return problem(property, "is not the key of a label", remedy);
}

function valueProblem(property: string, found: string): Problem {
  const remedy = "Use at most 63 letters, digits, -, _ and ., or none.";
  return problem(property, "is not the value of a label", remedy, found);
}
