import { problemUnless, type Problem } from "./problems";

/** Namespaces that no hole may name, whatever is configured. */
export const alwaysProtectedNamespaces: readonly string[] = [
  "staging",
  "stage",
  "production",
  "prod",
];

/** Patterns of further namespaces that are protected, in which `*` stands for any text. */
export interface ProtectedNamespaces {
  readonly namespaces?: readonly string[];
}

/** The fault of a namespace that is protected. */
export function protectedNamespaceProblems(
  property: string,
  namespace: string,
  args: ProtectedNamespaces | undefined,
): Problem[] {
  const protection = protectionOf(namespace, args);
  const fault = `is the protected namespace ${namespace} (${protection})`;
  const remedy = "Name another namespace: an environment never touches a protected one.";
  return problemUnless(protection === undefined, property, fault, remedy, namespace);
}

function protectionOf(
  namespace: string,
  args: ProtectedNamespaces | undefined,
): string | undefined {
  if (alwaysProtectedNamespaces.includes(namespace)) {
    return "always protected";
  }
  const patterns = args?.namespaces ?? [];
  const index = patterns.findIndex((pattern) => matchesPattern(namespace, pattern));
  return index < 0 ? undefined : `protected.namespaces[${index}] is ${patterns[index]}`;
}

/**
 * Whether the name is the pattern, in which `*` stands for any text. Each part is taken as early as
 * possible: a later place would leave less for the others.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) {
    return text === pattern;
  }
  let end = text.startsWith(first) ? first.length : -1;
  for (const part of parts) {
    const start = end < 0 ? -1 : text.indexOf(part, end);
    end = start < 0 ? -1 : start + part.length;
  }
  return end >= 0 && text.length - last.length >= end && text.endsWith(last);
}
