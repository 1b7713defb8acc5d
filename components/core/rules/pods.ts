/** What pods of an environment may say, as far as Pod Security leaves it open. */

/** Longest time that a pod may take to end, in seconds: as long as Pulumi waits for a namespace. */
export const maximumGraceSeconds = 600;

/** A toleration that keeps a pod where it is, or lets it onto a node that is as good as others. */
export interface ToleratedCondition {
  readonly key: string;
  readonly effect: "NoExecute" | "NoSchedule";
}

/**
 * Conditions of nodes that pods may tolerate: those that the API server itself has them tolerate.
 * A pod that tolerates others runs on nodes that are being drained, or that have no network yet.
 * See https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 */
export const toleratedConditions: readonly ToleratedCondition[] = [
  { key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
  { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" },
];

/** Labels of nodes that one node alone has: a pod that selects by them chooses the node. */
export const singleNodeLabels: readonly string[] = ["kubernetes.io/hostname"];

/**
 * Sources of projected volumes. Not among them: `podCertificate`, a client certificate of the
 * cluster. Of tokens the audience is judged.
 * See https://kubernetes.io/docs/concepts/storage/projected-volumes/
 */
export const projectedSources: readonly string[] = [
  "clusterTrustBundle",
  "configMap",
  "downwardAPI",
  "secret",
  "serviceAccountToken",
];
