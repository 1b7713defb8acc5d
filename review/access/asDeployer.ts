import { accessTo, KubernetesApi } from "secure-environment-kubernetes";
import { type Cluster, telling } from "../cluster/cluster";
import { deployerToken, shortestLife } from "./deployerToken";
import { kubeconfigContent } from "./kubeconfigFile";
import { publicEntry } from "./publicEntry";
import { requireTaken } from "./takenToken";

/**
 * Does work on a namespace as the environment's deployer, who may do nothing outside of it: by a token that
 * lives as briefly as Kubernetes makes one, and is kept nowhere.
 *
 * @throws ReviewError with 3 when these credentials may not ask for the token, or it is not taken.
 */
export async function asDeployer<Result>(
  cluster: Cluster,
  namespace: string,
  work: (api: KubernetesApi) => Promise<Result>,
): Promise<Result> {
  const entry = await publicEntry(cluster);
  const { token } = await deployerToken(cluster, namespace, shortestLife);
  const kubeconfig = kubeconfigContent(entry, "deployer", { token }, namespace);
  await requireTaken(cluster.server, kubeconfig, token);
  const access = await telling("The cluster", () => accessTo({ kubeconfig }));
  const api = new KubernetesApi(access);
  try {
    return await work(api);
  } finally {
    api.close();
  }
}
