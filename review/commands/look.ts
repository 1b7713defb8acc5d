import { labels } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Checkpoint, emptyCheckpoint } from "../state/checkpoint";
import { type Cluster, clusterOf } from "../cluster/cluster";
import { requireDestroyable } from "../environment/destruction";
import { exitCodes, ReviewError } from "../exitCodes";
import { labelledProject } from "../settings/labelledProject";
import { exportStack, findStack } from "../state/pulumi";

/** How a stack is looked at. */
export interface LookOptions {
  /** The folder of the program, whose settings say the project. */
  readonly program: string;
}

/**
 * Says whether a stack may be destroyed: whether the namespaces that it would delete are its own, and
 * whether it leaves none behind. It only reads.
 *
 * One that is being deleted already is told, and is no reason to stop: `destroy` waits for it, as after
 * one that failed half-way.
 *
 * @throws ReviewError with 10 when something stands that is not the stack's own or that the stack does
 * not know, with 6 when there is neither a stack nor a namespace of it.
 */
export async function look(stack: string, { program }: LookOptions): Promise<void> {
  const checkpoint = findStack<Checkpoint>(stack);
  const cluster = clusterOf(checkpoint ?? emptyCheckpoint, () =>
    exportStack(stack, ["--show-secrets"]),
  );
  console.error(`The cluster of this run: ${cluster.server}`);
  const standing = () => standingOf(cluster, stack, program);
  if (!(await requireDestroyable(stack, checkpoint, cluster, standing))) {
    throw new ReviewError(
      `There is no stack ${stack} in this backend, and no namespace of it in the cluster: nothing to destroy.`,
      exitCodes.noStack,
    );
  }
}

/** The namespaces that name a stack of the program as the one that made them. */
function standingOf(cluster: Cluster, stack: string, program: string): Promise<FoundNamespace[]> {
  return cluster.namespacesWith({
    [labels.project]: labelledProject(program),
    [labels.stack]: stack.split("/").at(-1) ?? stack,
  });
}
