import { labels } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";

/**
 * Deletes a namespace whose state is lost, and waits until it is gone: the very one that was looked at, and
 * only a review environment.
 *
 * @throws ReviewError when it is none or may not be deleted.
 */
export async function deleteLostNamespace(
  cluster: Cluster,
  { metadata = {} }: FoundNamespace,
): Promise<void> {
  const { name = "", uid = "" } = metadata;
  if (!isReviewNamespace({ metadata })) {
    const message = `Namespace ${name} is no review environment, or is protected: it was left alone.`;
    throw new ReviewError(message, exitCodes.refused);
  }
  await cluster.deleteNamespace(name, uid);
}

/** Whether a namespace is that of an environment which does not stay. */
export function isReviewNamespace({ metadata }: FoundNamespace): boolean {
  const { labels: said = {} } = metadata ?? {};
  return said[labels.kind] === "review" && said[labels.protect] === undefined;
}
