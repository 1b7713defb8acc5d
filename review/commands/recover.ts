import { type Checkpoint } from "../state/checkpoint";
import { clusterOf } from "../cluster/cluster";
import { confirmedCheckpoint } from "../environment/unconfirmedObjects";
import { requireHarmlessProvider } from "../environment/providerVariables";
import { exportStack, pulumi } from "../state/pulumi";

/**
 * Puts a stack in order whose run was killed, so that `up` and `destroy` work again: breaks the
 * lock that the killed run left, and takes what it created without knowing it into the state.
 * What does not say that it belongs to the stack never gets there, and nothing in the cluster
 * changes.
 *
 * @throws ReviewError when something foreign stands in the way, no cluster was chosen, the
 * provider is told to take over or forget, or Pulumi fails.
 */
export async function recover(stack: string): Promise<void> {
  requireHarmlessProvider();
  pulumi(stack, ["cancel", "--yes"]);
  const checkpoint = exportStack<Checkpoint>(stack);
  const cluster = clusterOf(checkpoint, () => exportStack(stack, ["--show-secrets"]));
  console.error(`The cluster of this run: ${cluster.server}`);
  const confirmed = await confirmedCheckpoint(checkpoint, cluster);
  pulumi(stack, ["stack", "import"], JSON.stringify(confirmed));
  pulumi(stack, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
}
