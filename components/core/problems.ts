import { closest, distance } from "fastest-levenshtein";

/** One fault of an input, in the words of the user who wrote it. */
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

/** One problem, in the order of its message. What was found is shown only where it is given. */
export function problem(property: string, fault: string, remedy: string, found?: unknown): Problem {
  return found === undefined ? { property, fault, remedy } : { property, found, fault, remedy };
}

/** The problem where the condition holds, else none. */
export function problemIf(isWrong: boolean, ...words: Parameters<typeof problem>): Problem[] {
  return isWrong ? [problem(...words)] : [];
}

/** The problem unless the condition holds. */
export function problemUnless(isValid: boolean, ...words: Parameters<typeof problem>): Problem[] {
  return problemIf(!isValid, ...words);
}

/** How much of a value a message shows, in characters. */
const maximumFoundLength = 200;

/** What may have problems, in words. */
export type Subject = "cluster" | "environment" | "namespace" | "platform";

/** One message with all problems of an input, a line each. */
export function describeProblems(
  problems: readonly Problem[],
  subject: Subject = "environment",
): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map(describeProblem);
  return [`The ${subject} has ${count}; nothing was created.`, ...lines].join("\n");
}

/** Whether a text is a message about the problems of such an input, as `describeProblems` writes it. */
export function isAboutProblems(text: string, subject: Subject): boolean {
  return new RegExp(`^The ${subject} has \\d+ problems?; nothing was created\\.\n`).test(text);
}

/** "Did you mean …?" for a key that is not known, or the list of known ones. */
export function suggestKey(unknown: string, known: readonly string[]): string {
  const nearest = closest(unknown, [...known]);
  const likely = distance(unknown.toLowerCase(), nearest.toLowerCase()) <= nearest.length / 2;
  return likely ? `Did you mean \`${nearest}\`?` : `Known are ${known.join(", ")}.`;
}

/**
 * What has several lines is not shown, nor any part of it: where one word is wanted it is a key, a
 * certificate or a kubeconfig. All that is ours has one line.
 */
function describeProblem(problem: Problem): string {
  const property = hasLines(problem.property) ? beforeLines(problem.property) : problem.property;
  const fault = hasLines(problem.fault) || looksSecret(problem.fault) ? "is wrong" : problem.fault;
  const remedy = hasLines(problem.remedy) ? "Write each name on one line." : problem.remedy;
  const found = problem.found === undefined ? "" : ` (found ${describeFound(problem.found)})`;
  return withoutControls(`  - ${property}: ${fault}${found}. ${remedy}`);
}

/** Whether the text has more than one line, by any character that breaks lines in some program. */
export function hasLines(text: string): boolean {
  return /[\n\v\f\r\u0085\u2028\u2029]/.test(text);
}

/** As JSON, a key that a message may show. */
export function shownKey(key: string): string {
  return JSON.stringify(hasLines(key) || looksSecret(key) ? "…" : shortened(key));
}

/** The property without its last key, in which the lines are. */
function beforeLines(property: string): string {
  const [firstLine = ""] = property.split(/[\n\v\f\r\u0085\u2028\u2029]/);
  const owner = firstLine.slice(0, Math.max(0, firstLine.lastIndexOf("[")));
  return `${owner}[${shownKey(property)}]`;
}

/** As JSON, as far as it goes: programs may pass anything. */
function describeFound(found: unknown): string {
  const texts: string[] = [];
  try {
    const json = JSON.stringify(found, (key, value: unknown) => {
      texts.push(key, typeof value === "string" ? value : "");
      return readable(value);
    });
    if (texts.some(hasLines)) {
      return "something of several lines, which is not shown";
    }
    return [...texts, json ?? ""].some(looksSecret)
      ? "something that looks like a credential, which is not shown"
      : shortened(json ?? `a ${typeof found}`);
  } catch {
    return "what cannot be written down, as it holds itself";
  }
}

/** What a text consists of that lets its owner in. */
const marksOfSecrets: readonly RegExp[] = [
  // A JSON Web Token, as service accounts have.
  /eyJ[\w-]{8,}\.[\w-]{8,}/,
  // An address with a password, or with a token in place of a user.
  /:\/\/[^\s/]*:[^\s/]*@/,
  /:\/\/[^\s/@]{16,}@/,
  // The header of a request.
  /\b(Bearer|Basic)\s+\S{8}/i,
  // A field, or a part of an address, that holds one.
  /(password|passwd|secret|token|signature|api-?key|key-data)["']?\s*[:=]\s*(?!true|false)\S/i,
  // A kubeconfig or a key, perhaps as base64.
  /apiVersion["']?\s*:|-----BEGIN|YXBpVmVyc2lvb|LS0tLS1CRUdJTi|eyJhcGlWZXJzaW9u/,
  // Tokens that say by their prefix whose they are: of GitHub, GitLab, Pulumi, AWS, Docker, EKS, OpenShift, Vault.
  /\b(gh[pousr]_|github_pat_|glpat-|pul-|AKIA|ASIA|dckr_pat_|k8s-aws-v1\.|sha256~|hvs\.)\w{8}/,
];

/** Whether a text looks like one that lets its owner in. */
export function looksSecret(text: string): boolean {
  return marksOfSecrets.some((mark) => mark.test(text));
}

/** The words of somebody else, such as of a command or a server, as a message may show them. */
export function shownWords(words: string): string {
  return looksSecret(words)
    ? "what it says looks like a credential, and is not shown"
    : withoutControls(words);
}

function shortened(text: string): string {
  return text.length > maximumFoundLength ? `${text.slice(0, maximumFoundLength)}…` : text;
}

function readable(value: unknown): unknown {
  const isUnknownToJson =
    typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value));
  return isUnknownToJson ? String(value) : value;
}

/** What is left, such as colours of a terminal, must not change how the message looks. */
function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
