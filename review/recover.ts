import {
  type Checkpoint,
  foreignResources,
  type ResourceState,
  unconfirmedObjects,
  withResources,
} from "./checkpoint";
import { exitCodes, ReviewError } from "./exitCodes";
import { exportStack, pulumi } from "./pulumi";

/**
 * Puts a stack in order whose run was killed, so that `up` and `destroy` work again: breaks the
 * lock that the killed run left, and takes what it created without knowing it into the state. An
 * object that does not say it belongs to the stack is never taken. Nothing in the cluster changes.
 *
 * @throws ReviewError when something that is not the stack's stands in its way, or Pulumi fails.
 */
export function recover(stack: string): void {
  pulumi(stack, ["cancel", "--yes"]);
  const checkpoint = exportStack<Checkpoint>(stack);
  const objects = unconfirmedObjects(checkpoint);
  pulumi(stack, ["stack", "import"], JSON.stringify(withResources(checkpoint, objects)));
  pulumi(stack, ["refresh", "--yes", "--skip-preview"]);
  releaseForeign(stack, objects);
}

function releaseForeign(stack: string, taken: readonly ResourceState[]): void {
  const foreign = foreignResources(exportStack<Checkpoint>(stack), taken);
  foreign.forEach((urn) => pulumi(stack, ["state", "delete", urn, "--yes", "--target-dependents"]));
  if (foreign.length > 0) {
    throw new ReviewError(
      `What the stack ${stack} wanted to create exists and is not its own:\n  ${foreign.join("\n  ")}\n` +
        "It was left alone. Remove or rename it, or use another branch.",
      exitCodes.refused,
    );
  }
}
