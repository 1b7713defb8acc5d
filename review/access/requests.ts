import { type KubernetesResponse } from "secure-environment-kubernetes";
import { type Cluster, telling } from "../cluster/cluster";
import { CredentialsError } from "../cluster/credentialsError";
import { patience } from "../cluster/patience";

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
  return telling(`${path} of ${cluster.server}`, async () => {
    const api = await cluster.api();
    const answer = await api.request<Body>(method, path, body, { timeout: patience });
    return answer.status === 401 ? Promise.reject(new CredentialsError(401)) : answer;
  });
}
