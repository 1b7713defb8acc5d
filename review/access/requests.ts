import { type KubernetesResponse } from "secure-environment-kubernetes";
import { answerTo } from "../cluster/answer";
import { type Cluster } from "../cluster/cluster";

/**
 * Sends a request to the cluster; an error of HTTP is an answer like any other.
 *
 * @throws ReviewError when there is no answer, and with 3 when the credentials are not taken.
 */
export function send<Body>(
  cluster: Cluster,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<KubernetesResponse<Body>> {
  const request = { method, path, body };
  return answerTo(`${path} of ${cluster.server}`, cluster.api(), request);
}
