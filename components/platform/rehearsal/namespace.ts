import { identityLabels } from "../../core/metadata";
import { namespaceName, reviewPrefix } from "../../core/names";

/**
 * The stack that a namespace for rehearsals is named after: one that no branch has, as no slug
 * begins with a hyphen.
 */
export const rehearsalStack = `${reviewPrefix}-rehearsal`;

/**
 * The namespace in which it is rehearsed what the fence refuses a project's pipeline: an
 * environment of the project without pods. A request for a namespace that does not exist reaches no
 * policy.
 */
export function rehearsalNamespace(project: string): string {
  return namespaceName(rehearsalStack, project);
}

/** Its marker: the fence takes it for an environment of the project. */
export function rehearsalNamespaceLabels(project: string): Record<string, string> {
  return identityLabels({ kind: "review", project, stack: rehearsalStack });
}
