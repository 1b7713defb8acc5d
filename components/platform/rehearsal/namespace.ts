import { identityLabels } from "../../core/metadata";
import { namespaceName, rehearsalStack } from "../../core/names";

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
