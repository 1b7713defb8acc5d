import { type Cluster } from "../cluster/cluster";
import { type EnvironmentRun } from "./environmentRun";
import { plannedCreations } from "./program";
import {
  confirmPending,
  hasForgotten,
  putInOrder,
  removeEmptyAttributes,
  stateOf,
  takeUpForgotten,
} from "./recovery";
import { standingNamespaces } from "./standing";

/**
 * Looks whether an earlier run was killed or interrupted, and puts the stack in order then.
 *
 * @param errors what the last run ended with.
 * @returns whether there was something to put in order. Errors as `putInOrder`.
 */
export async function heal(
  run: EnvironmentRun,
  cluster: Cluster,
  errors: readonly string[],
): Promise<boolean> {
  run.progress.step("Looking whether an earlier run was killed");
  const hadEmptyFile = removeEmptyAttributes(run);
  const standing = await standingNamespaces(cluster, run.target);
  if (!hasForgotten(await stateOf(run), standing, errors)) {
    return hadEmptyFile;
  }
  const planned = await plannedCreations(run);
  const repairs = [confirmPending(cluster), takeUpForgotten(run, cluster, planned)];
  const inOrder = await putInOrder(run, repairs);
  return hadEmptyFile || inOrder?.wasRepaired === true;
}
