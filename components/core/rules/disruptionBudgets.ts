/**
 * What a PodDisruptionBudget of an environment says, so that nodes shared with others can be drained.
 * `minAvailable` blocks a drain as soon as there are no more pods than it asks for, in percent as well:
 * the share is rounded up, so half of one pod is that pod. `maxUnavailable` is rounded up too, so any
 * share above none lets a healthy pod go.
 * See https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */

/** An amount of `maxUnavailable` that lets no pod go, as a regular expression. */
export const noDisruption = "^0+%?$";

/** Whether a budget with this `maxUnavailable` and no `minAvailable` lets a pod go. */
export function allowsDisruption(maxUnavailable: unknown): boolean {
  return (
    (typeof maxUnavailable === "number" && maxUnavailable > 0) ||
    (typeof maxUnavailable === "string" && !new RegExp(noDisruption).test(maxUnavailable))
  );
}
