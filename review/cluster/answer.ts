import {
  type KubernetesApi,
  type KubernetesRequestOptions,
  type KubernetesResponse,
} from "secure-environment-kubernetes";
import { telling } from "./cluster";
import { CredentialsError } from "./credentialsError";
import { patience } from "./patience";

/** A request to the API server. */
interface Request extends KubernetesRequestOptions {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  readonly path: string;
  readonly body?: object;
}

/**
 * Sends a request to the cluster; an error of HTTP is an answer like any other.
 *
 * @param what is asked for, for messages.
 * @throws ReviewError when there is no answer, and with 3 when the credentials are not taken.
 */
export function answerTo<Body>(
  what: string,
  api: KubernetesApi | Promise<KubernetesApi>,
  { method, path, body, ...options }: Request,
): Promise<KubernetesResponse<Body>> {
  return telling(what, async () => {
    const connected = await api;
    const answer = await connected.request<Body>(method, path, body, {
      timeout: patience,
      ...options,
    });
    return answer.status === 401 ? Promise.reject(new CredentialsError(401)) : answer;
  });
}
