import { memoryOf, restOf } from "./memory";
import { foreignController, isRunning, type ManagedFields, type Workload } from "./workload";

/** Under this name the API server keeps which fields these requests have set. */
export const fieldManager = "review-sleep";

/** One request that changes a workload: a JSON merge patch. */
export interface Step {
  readonly does: "sleep" | "wake" | "forget";
  readonly patch: object;
}

/** Decides what is to be done to a workload next; `undefined` when nothing is. */
export type NextStep = (workload: Workload) => Step | undefined;

/** Puts a workload to sleep, in one request. What is another's, or at rest already, stays as it is. */
export function sleepStep(workload: Workload): Step | undefined {
  if (isGoing(workload) || !isRunning(workload) || foreignController(workload) !== undefined) {
    return undefined;
  }
  const { annotation, memory, rest } = restOf(workload);
  return {
    does: "sleep",
    patch: patchOf(workload, { annotations: { [annotation]: memory(workload) } }, rest),
  };
}

/**
 * Wakes a workload: first it runs as it did, and then it forgets. What somebody has set to run meanwhile
 * stays as it is, and forgets alone.
 */
export function wakeStep(workload: Workload): Step | undefined {
  const memory = memoryOf(workload);
  if (memory === undefined || isGoing(workload)) {
    return undefined;
  }
  const { annotation, isAtRest, restored } = restOf(workload);
  if (!isAtRest(workload)) {
    const forgotten = { annotations: { [annotation]: null }, ...ownFieldsGivenUp(workload) };
    return { does: "forget", patch: patchOf(workload, forgotten) };
  }
  const spec = restored(memory);
  return spec && { does: "wake", patch: patchOf(workload, {}, spec) };
}

/**
 * A field that a patch has set belongs to its sender. Others, such as Pulumi and Helm, could not change it by
 * server-side apply without a conflict, so the last step gives the fields up. A list without entries would be
 * taken for an order to forget all senders.
 * See https://kubernetes.io/docs/reference/using-api/server-side-apply/#clearing-managedfields
 */
function ownFieldsGivenUp({ metadata }: Workload): { managedFields?: readonly ManagedFields[] } {
  const others = (metadata?.managedFields ?? []).filter(({ manager }) => manager !== fieldManager);
  return others.length === 0 ? {} : { managedFields: others };
}

/** With the version that was seen the API server refuses the patch when anything was changed meanwhile. */
function patchOf({ metadata }: Workload, fields: object, spec?: object): object {
  const { resourceVersion } = metadata ?? {};
  return { metadata: { resourceVersion, ...fields }, ...(spec && { spec }) };
}

function isGoing({ metadata }: Workload): boolean {
  return metadata?.deletionTimestamp !== undefined;
}
