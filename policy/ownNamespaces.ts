import {
  isLabel,
  maximumProjectLength,
  reviewPrefix,
  slugOfStack,
  uniqueSuffixLength,
} from "secure-environment/core";

/**
 * Whether a SecureEnvironment of the stack can have the namespace: `review-<slug>` or
 * `review-<project>-<slug>`, of a permanent stack its own name or `<project>-<stack>`, each with a
 * random suffix or without.
 */
export function isNamespaceOf(stack: string, namespace: string): boolean {
  return partsOf(stack, namespace) !== null;
}

/** The project that the name of a namespace of the stack says, or `undefined`. */
export function projectOfNamespace(stack: string, namespace: string): string | undefined {
  return partsOf(stack, namespace)?.groups?.["project"];
}

function partsOf(stack: string, namespace: string): RegExpExecArray | null {
  const slug = slugOfStack(stack);
  const prefix = slug === undefined ? "" : reviewPrefix;
  const project = `((?<project>[a-z0-9]{1,${maximumProjectLength}})-)?`;
  const suffix = `(-[a-z0-9]{${uniqueSuffixLength}})?`;
  return isLabel(stack)
    ? new RegExp(`^${prefix}${project}${slug ?? stack}${suffix}$`).exec(namespace)
    : null;
}
