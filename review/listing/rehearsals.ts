import { labels, namespaceName, rehearsalStack } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";

/** Whether a namespace is the platform's own, in which it rehearses what it refuses: no stack has made it. */
export function isForRehearsals({ metadata = {} }: FoundNamespace): boolean {
  const { [labels.project]: project, [labels.stack]: stack } = metadata.labels ?? {};
  return stack === rehearsalStack && metadata.name === namespaceName(rehearsalStack, project);
}
