import { type KubernetesApi } from "secure-environment-sandbox";

/** What every user may ask of the API server, so that a request for it is not refused at once. */
const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/**
 * Sends requests that say how long their bodies are and then send one byte of them: the API server
 * reads on, for a minute at most, and each keeps its seat meanwhile. They end when the client is
 * closed.
 */
export function sendSlowBodies(api: KubernetesApi, connections: number): void {
  for (let connection = 0; connection < connections; connection++) {
    const headers = { "content-length": "1000" };
    api.request("POST", reviews, "{", { headers }).catch(() => undefined);
  }
}
