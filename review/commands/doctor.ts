import { type Checkpoint, objectsOf } from "../state/checkpoint";
import { clusterOf } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import { heldObjectMessages } from "../cluster/heldObjects";
import { exportStack } from "../state/pulumi";

/**
 * Says what holds the deletion of a stack's objects: which of them, since when, what holds it, and
 * what to do. It only reads, one object at a time, and no Secret. An object that cannot be read is
 * told, and the others are looked at.
 *
 * @throws ReviewError when something is held or could not be read, no cluster was chosen, or
 * Pulumi fails.
 */
export async function doctor(stack: string): Promise<void> {
  const checkpoint = exportStack<Checkpoint>(stack);
  const cluster = clusterOf(checkpoint, () => exportStack(stack, ["--show-secrets"]));
  console.error(`The cluster of this run: ${cluster.server}`);
  const looks = await Promise.allSettled(objectsOf(checkpoint).map((one) => cluster.endOf(one)));
  const seen = looks.flatMap((look) => (look.status === "fulfilled" ? (look.value ?? []) : []));
  const unseen = looks.flatMap((look) =>
    look.status === "rejected" ? [wordsOf(look.reason)] : [],
  );

  const held = heldObjectMessages(seen);
  held.forEach((message) => console.log(message));
  unseen.forEach((reason) => console.error(`warning: ${reason}`));
  if (held.length > 0) {
    const message = `${stack} is held in its deletion; see above. Then run \`up\` or \`destroy\` again.`;
    throw new ReviewError(message, exitCodes.failed);
  }
  if (unseen.length > 0) {
    const message = `Whether ${stack} is held in its deletion is not known; see above.`;
    throw new ReviewError(message, exitCodes.failed);
  }
  console.log(`No object of ${stack} is being deleted.`);
}

/** Any reason but a failed look at an object is a fault of this program, and ends it. */
function wordsOf(reason: unknown): string {
  if (!(reason instanceof ReviewError)) {
    throw reason;
  }
  return reason.message;
}
