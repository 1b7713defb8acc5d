import { describeOwner, ownershipOf } from "secure-environment-cluster/ownership";
import { type Cluster } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import {
  type Checkpoint,
  type UnconfirmedObject,
  unconfirmedObjects,
  withConfirmed,
} from "../state/checkpoint";

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

/** What a killed run created, as far as the cluster has it, but for what is another's. */
export async function ownUnconfirmed(
  cluster: Cluster,
  checkpoint: Checkpoint,
): Promise<UnconfirmedObject[]> {
  const judged = await judgedObjects(cluster, unconfirmedObjects(checkpoint));
  return judged.filter(({ ownership }) => ownership === "own").map(({ object }) => object);
}

function judgedObjects(cluster: Cluster, unconfirmed: readonly UnconfirmedObject[]) {
  return Promise.all(
    unconfirmed.map(async (object) => {
      const found = (await cluster.metadataOf(object.inputs))?.labels;
      return { object, found, ownership: ownershipOf(object.inputs.metadata?.labels, found) };
    }),
  );
}

/** Judged before any of them gets into the state: what is in the state is deleted with it. */
async function ownObjects(
  cluster: Cluster,
  unconfirmed: readonly UnconfirmedObject[],
): Promise<UnconfirmedObject[]> {
  const judged = await judgedObjects(cluster, unconfirmed);
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
