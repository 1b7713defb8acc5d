import { labels } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster, telling } from "../cluster/cluster";
import { listAll } from "../cluster/lists";
import { exitCodes, ReviewError } from "../exitCodes";

/** Selects environments, and what in them says whose it is. */
export const ofEnvironments = { labelSelector: `${labels.kind} in (review,permanent)` };

/**
 * The namespaces of environments in the cluster, by one list.
 *
 * @throws ReviewError when they cannot be listed, with 3 where that is for the credentials.
 */
export async function environmentNamespaces(cluster: Cluster): Promise<readonly FoundNamespace[]> {
  const found = await telling("The list of namespaces", async () =>
    listAll<FoundNamespace>(await cluster.api(), "/api/v1/namespaces", ofEnvironments),
  );
  if (found === undefined) {
    const message =
      "These credentials may not list namespaces, so nothing can be listed. " +
      "Use those of the project's pipeline, of the platform's verifier, or of an administrator.";
    throw new ReviewError(message, exitCodes.credentials);
  }
  return found;
}
