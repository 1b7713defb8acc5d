import { type Cluster } from "../cluster/cluster";
import { type Progress } from "../console";
import { requireCluster } from "../environment/standing";
import { type Target } from "../environment/target";
import { send } from "./requests";

/**
 * As `requireCluster`, for commands that change nothing in the cluster: developers, who may not read its
 * namespace `kube-system`, are told that nothing was compared.
 *
 * @throws ReviewError with 10 when it is another one.
 */
export async function requireSeenCluster(
  cluster: Cluster,
  target: Target,
  progress: Progress,
): Promise<void> {
  if (target.settings.cluster === undefined) {
    return;
  }
  const { status } = await send(cluster, "GET", "/api/v1/namespaces/kube-system");
  if (status !== 403) {
    return requireCluster(cluster, target);
  }
  progress.say(
    "warning: These credentials may not read the namespace kube-system, so whether this is the cluster of the settings is not known.",
  );
}
