import { labels } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Target } from "./target";

/** The namespaces in the cluster that name the environment's stack and project: one, or none. */
export function standingNamespaces(cluster: Cluster, target: Target): Promise<FoundNamespace[]> {
  return cluster.namespacesWith({
    [labels.project]: target.labelledProject,
    [labels.stack]: target.stack,
  });
}

/**
 * Makes sure that the cluster is the one of the settings, if they name one.
 *
 * @throws ReviewError with 10 when it is another one.
 */
export async function requireCluster(
  cluster: Cluster,
  { settings }: Pick<Target, "settings">,
): Promise<void> {
  if (settings.cluster === undefined) {
    return;
  }
  const found = await cluster.namespace("kube-system");
  const uid = found?.metadata?.uid ?? "none";
  if (uid !== settings.cluster) {
    const message =
      `The cluster ${cluster.server} is another one: the UID of its namespace kube-system is ${uid}, and the ` +
      `settings say ${settings.cluster}. Nothing was done. Choose another cluster, or correct \`cluster\` in the settings.`;
    throw new ReviewError(message, exitCodes.refused);
  }
}
