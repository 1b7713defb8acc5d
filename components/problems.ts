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

/** How much of a value a message shows, in characters. */
const maximumFoundLength = 200;

/** What may have problems, in words. */
export type Subject = "cluster" | "environment" | "platform";

/** One message with all faults of an input, a line each. */
export function describeProblems(
  problems: readonly Problem[],
  subject: Subject = "environment",
): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map(describeProblem);
  return [`The ${subject} has ${count}; nothing was created.`, ...lines].join("\n");
}

/** "Did you mean …?" for a key that is not known, or the list of known ones. */
export function suggestKey(unknown: string, known: readonly string[]): string {
  const nearest = closest(unknown, [...known]);
  const likely = distance(unknown.toLowerCase(), nearest.toLowerCase()) <= nearest.length / 2;
  return likely ? `Did you mean \`${nearest}\`?` : `Known are ${known.join(", ")}.`;
}

function describeProblem(problem: Problem): string {
  const found = problem.found === undefined ? "" : ` (found ${describeFound(problem.found)})`;
  return onOneLine(`  - ${problem.property}: ${problem.fault}${found}. ${problem.remedy}`);
}

/** As JSON, as far as it goes: programs may pass anything. */
function describeFound(found: unknown): string {
  try {
    return shortened(JSON.stringify(found, readable) ?? `a ${typeof found}`);
  } catch {
    return "what cannot be written down, as it holds itself";
  }
}

function shortened(text: string): string {
  return text.length > maximumFoundLength ? `${text.slice(0, maximumFoundLength)}…` : text;
}

function readable(_: string, value: unknown): unknown {
  const isUnknownToJson =
    typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value));
  return isUnknownToJson ? String(value) : value;
}

/** A name with a line break in it must not look like a line of its own. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
