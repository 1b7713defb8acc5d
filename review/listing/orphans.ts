import { describeOwner } from "secure-environment-cluster/ownership";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";

/** What is wrong with a namespace that no stack of the backend has, and what to do. */
export function orphanNamespaceFault({ metadata = {} }: FoundNamespace): string {
  const { name = "", deletionTimestamp, labels: said = {} } = metadata;
  const end =
    deletionTimestamp === undefined ? "" : ` It is being deleted since ${deletionTimestamp}.`;
  return (
    `Namespace ${name}: ${describeOwner(said)}, and no stack in this backend has it.${end} ` +
    "If no other backend has its stack, have it deleted."
  );
}

/**
 * What is wrong with a stack whose namespace is not in the cluster, and what to do.
 *
 * @param what is gone, such as `its namespace review-login`.
 */
export function orphanStackFault(stack: string, what: string): string {
  return `Stack ${stack}: ${what} is gone. Destroy the stack, or bring it up again with --refresh.`;
}
