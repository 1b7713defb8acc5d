import { accessTo, KubernetesApi } from "secure-environment-kubernetes";
import { telling } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import { audiencesOf } from "../signIn/token";

/**
 * Makes sure that a kubeconfig with a new token works: what stands before an API server and signs users
 * in itself may not take the tokens that the API server makes.
 *
 * @throws ReviewError with 3 when the token is not taken.
 */
export async function requireTaken(
  server: string,
  kubeconfig: string,
  token: string,
): Promise<void> {
  const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
  const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const answer = await telling(`What ${server} says of the new token`, async () => {
    const api = new KubernetesApi(await accessTo({ kubeconfig }));
    try {
      return await api.request<unknown>("POST", path, review, { timeout: 10_000 });
    } finally {
      api.close();
    }
  });
  if (answer.status === 401) {
    const audiences = audiencesOf(token).join(", ") || "no audience";
    const message =
      `${server} made a token of the deployer for ${audiences}, and does not take it. ` +
      "Choose a kubeconfig that leads to the API server itself, and not to what signs users in before it.";
    throw new ReviewError(message, exitCodes.credentials);
  }
}
