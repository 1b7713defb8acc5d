import { type PublicCluster, publicCluster } from "secure-environment-kubernetes";
import { type Cluster, telling } from "../cluster/cluster";

/**
 * What a kubeconfig says of the cluster to everybody: its address and whom to believe, and no credential.
 *
 * @throws ReviewError when the kubeconfig cannot be used.
 */
export function publicEntry(cluster: Cluster): Promise<PublicCluster> {
  return telling("The cluster of the kubeconfig", () =>
    Promise.resolve(cluster.choice).then(publicCluster),
  );
}
