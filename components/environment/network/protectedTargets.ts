import { cidrListProblems, type NamedRange, namedRanges } from "../../core/namedRanges";
import { type ProtectedArgs } from "./networkArgs";
import { clusterOwnedNames } from "../../core/names";
import { problemIf, problemUnless, type Problem } from "../../core/problems";
import { matchesPattern } from "../../core/protectedNamespaces";

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

/**
 * The fault of a namespace of the cluster itself for holes out of the environment: beside the resolver,
 * which has its own argument, such a namespace has controllers that answer every client. Into an
 * environment some of them must reach, such as an ingress controller.
 */
export function clusterNamespaceProblems(property: string, namespace: string): Problem[] {
  const isWrong = clusterOwnedNames.some((pattern) => matchesPattern(namespace, pattern));
  const fault = "is a namespace of the cluster itself, whose controllers answer whoever asks";
  const remedy = "Name another namespace; how names are resolved is said by the argument dns.";
  return problemIf(isWrong, property, fault, remedy, namespace);
}

/** A pattern that no namespace can have would protect nothing, without a word. */
function patternProblems(pattern: string, index: number): Problem[] {
  const isValid = /^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$/.test(pattern);
  const fault = "matches no namespace, so it protects nothing";
  const remedy = "Use a-z, 0-9, hyphens inside, and * for any text, such as *-production.";
  return problemUnless(isValid, `protected.namespaces[${index}]`, fault, remedy, pattern);
}
