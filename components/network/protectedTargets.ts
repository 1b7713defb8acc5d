import { cidrListProblems, type NamedRange, namedRanges } from "./namedRanges";
import { type ProtectedArgs } from "./networkArgs";
import { clusterOwnedNames } from "../names";
import { type Problem } from "../problems";

/** Namespaces that no hole may name, whatever is configured. */
export const alwaysProtectedNamespaces: readonly string[] = [
  "staging",
  "stage",
  "production",
  "prod",
];

/** Ranges of addresses that no hole may overlap. */
export function protectedRanges(args: ProtectedArgs | undefined): NamedRange[] {
  return namedRanges("protected.cidrs", args?.cidrs);
}

/** Everything wrong with the protected targets as they are given. */
export function protectedProblems(args: ProtectedArgs | undefined): Problem[] {
  return [
    ...(args?.namespaces ?? []).flatMap(patternProblems),
    ...cidrListProblems("protected.cidrs", args?.cidrs),
  ];
}

/** The fault of a namespace that is protected. */
export function protectedNamespaceProblems(
  property: string,
  namespace: string,
  args: ProtectedArgs | undefined,
): Problem[] {
  const protection = protectionOf(namespace, args);
  return protection === undefined
    ? []
    : [
        {
          property,
          found: namespace,
          fault: `is the protected namespace ${namespace} (${protection})`,
          remedy: "Name another namespace: an environment never touches a protected one.",
        },
      ];
}

/**
 * The fault of a namespace of the cluster itself for holes out of the environment: beside the resolver,
 * which has its own argument, controllers are there that answer whoever asks. Into an environment some
 * of them must reach, such as an ingress controller.
 */
export function clusterNamespaceProblems(property: string, namespace: string): Problem[] {
  return clusterOwnedNames.some((pattern) => matchesPattern(namespace, pattern))
    ? [
        {
          property,
          found: namespace,
          fault: "is a namespace of the cluster itself, whose controllers answer whoever asks",
          remedy: "Name another namespace; how names are resolved is said by the argument dns.",
        },
      ]
    : [];
}

function protectionOf(namespace: string, args: ProtectedArgs | undefined): string | undefined {
  if (alwaysProtectedNamespaces.includes(namespace)) {
    return "always protected";
  }
  const patterns = args?.namespaces ?? [];
  const index = patterns.findIndex((pattern) => matchesPattern(namespace, pattern));
  return index < 0 ? undefined : `protected.namespaces[${index}] is ${patterns[index]}`;
}

/** A pattern that no namespace can have would protect nothing, without a word. */
function patternProblems(pattern: string, index: number): Problem[] {
  return /^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$/.test(pattern)
    ? []
    : [
        {
          property: `protected.namespaces[${index}]`,
          found: pattern,
          fault: "matches no namespace, so it protects nothing",
          remedy: "Use a-z, 0-9, hyphens inside, and * for any text, such as *-production.",
        },
      ];
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
