import { isLabel } from "../dnsNames";
import { clusterOwnedNames, reviewPrefix } from "../names";
import { platformPrefix } from "../platformNames";
import { alwaysProtectedNamespaces, matchesPattern } from "../protectedNamespaces";

/** A service account of another namespace that is let into an environment. */
export interface GuestAccount {
  readonly namespace: string;
  readonly name: string;
}

/** The account as lists have it: `namespace/name`. */
export function guestAccountKey({ namespace, name }: GuestAccount): string {
  return `${namespace}/${name}`;
}

/** The account of a list's entry. What is wrong with it, its fault says. */
export function guestAccountOf(key: string): GuestAccount {
  const [namespace = "", ...rest] = key.split("/");
  return { namespace, name: rest.join("/") };
}

/** Why the account is never let in, whoever lists it; `undefined` when it may be. */
export function guestAccountFault({ namespace, name }: GuestAccount): string | undefined {
  if (!isLabel(namespace) || name.length > 253 || !name.split(".").every(isLabel)) {
    return "is not a service account";
  }
  if (namespace.startsWith(reviewPrefix)) {
    return "is a service account of an environment, whose people act by it";
  }
  if (namespace.startsWith(platformPrefix)) {
    return "is a service account of the platform or of a pipeline, which the platform fences";
  }
  return name === "default"
    ? "is the account default, that of every pod there which names none"
    : undefined;
}

/**
 * Why the account's namespace lends no account, unless the platform lists it; `undefined` when it may.
 *
 * @param protectedPatterns further protected namespaces, in which `*` stands for any text.
 */
export function lendingFault(
  namespace: string,
  protectedPatterns: readonly string[] = [],
): string | undefined {
  const isOneOf = (patterns: readonly string[]) =>
    patterns.some((pattern) => matchesPattern(namespace, pattern));
  if (isOneOf(clusterOwnedNames)) {
    return "is a namespace of the cluster itself";
  }
  return isOneOf([...alwaysProtectedNamespaces, ...protectedPatterns])
    ? "is a protected namespace"
    : undefined;
}
