import { providerProblems, providerVariables } from "secure-environment/core";
import { describeOwner, ownershipOf } from "secure-environment-cluster/ownership";
import {
  type Checkpoint,
  type UnconfirmedObject,
  unconfirmedObjects,
  withConfirmed,
} from "../state/checkpoint";
import { type Cluster, clusterOf } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
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
  refuseProviderVariables();
  pulumi(stack, ["cancel", "--yes"]);
  const checkpoint = exportStack<Checkpoint>(stack);
  const cluster = clusterOf(checkpoint, () => exportStack(stack, ["--show-secrets"]));
  console.error(`The cluster of this run: ${cluster.server}`);
  const confirmed = await confirmedCheckpoint(checkpoint, cluster);
  pulumi(stack, ["stack", "import"], JSON.stringify(confirmed));
  pulumi(stack, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
}

/**
 * The state with what a killed run created, as far as the cluster has it.
 *
 * @throws ReviewError with 10 when one of these objects is another's.
 */
export async function confirmedCheckpoint(
  checkpoint: Checkpoint,
  cluster: Cluster,
): Promise<Checkpoint> {
  return withConfirmed(checkpoint, await ownObjects(cluster, unconfirmedObjects(checkpoint)));
}

function refuseProviderVariables(): void {
  const told = { configuration: {}, providerVariables: providerVariables(process.env) };
  const lines = providerProblems(told).map(
    ({ property, fault, remedy }) => `${property} ${fault}. ${remedy}`,
  );
  if (lines.length > 0) {
    throw new ReviewError(lines.join("\n"), exitCodes.usage);
  }
}

/** Judged before any of them gets into the state: what is in the state is deleted with it. */
async function ownObjects(
  cluster: Cluster,
  unconfirmed: readonly UnconfirmedObject[],
): Promise<UnconfirmedObject[]> {
  const judged = await Promise.all(
    unconfirmed.map(async (object) => {
      const found = await cluster.labelsOf(object.inputs);
      return { object, found, ownership: ownershipOf(object.inputs.metadata?.labels, found) };
    }),
  );
  const foreign = judged.filter(({ ownership }) => ownership === "foreign");
  if (foreign.length > 0) {
    const lines = foreign.map(
      ({ object, found = {} }) => `  ${object.inputs.kind} ${object.id}: ${describeOwner(found)}`,
    );
    throw new ReviewError(
      `What the stack wanted to create exists and is not its own:\n${lines.join("\n")}\n` +
        "It was left alone. Remove or rename it, or use another branch.",
      exitCodes.refused,
    );
  }
  return judged.filter(({ ownership }) => ownership === "own").map(({ object }) => object);
}
