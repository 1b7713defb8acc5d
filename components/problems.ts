import { closest, distance } from "fastest-levenshtein";

/** One fault of an input, in the words of whoever wrote it. */
export interface Problem {
  /** The property, as the user writes it, such as `quota["limits.cpu"]`. */
  readonly property: string;
  /** What was found there; left out when nothing was. */
  readonly found?: unknown;
  /** What is wrong. */
  readonly fault: string;
  /** What is allowed, or what to do. */
  readonly remedy: string;
}

/** One message with all faults of an input, a line each. */
export function describeProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map(describeProblem);
  return [`The environment has ${count}; nothing was created.`, ...lines].join("\n");
}

/** "Did you mean …?" for a key that is not known, or the list of known ones. */
export function suggestKey(unknown: string, known: readonly string[]): string {
  const nearest = closest(unknown, [...known]);
  const likely = distance(unknown.toLowerCase(), nearest.toLowerCase()) <= nearest.length / 2;
  return likely ? `Did you mean \`${nearest}\`?` : `Known are ${known.join(", ")}.`;
}

function describeProblem(problem: Problem): string {
  const found = problem.found === undefined ? "" : ` (found ${JSON.stringify(problem.found)})`;
  return `  - ${problem.property}: ${problem.fault}${found}. ${problem.remedy}`;
}
