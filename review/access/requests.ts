import { type KubernetesResponse } from "secure-environment-kubernetes";
import { type Cluster, telling } from "../cluster/cluster";
import { patience } from "../cluster/patience";

/**
 * Sends a request to the cluster; an error of HTTP is an answer like any other.
 *
 * @throws ReviewError when there is no answer.
 */
export function send<Body>(
  cluster: Cluster,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<KubernetesResponse<Body>> {
  return telling(`${path} of ${cluster.server}`, async () =>
    (await cluster.api()).request<Body>(method, path, body, { timeout: patience }),
  );
}
