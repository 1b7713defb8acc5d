import { type Cluster, telling } from "../cluster/cluster";
import { listAll } from "../cluster/lists";

/** A pod, in the parts that are looked at. */
interface FoundPod {
  readonly metadata?: { readonly namespace?: string; readonly creationTimestamp?: string };
}

/** Of a pod nothing is needed, nor asked for, but what stands in its metadata. */
const metadataAlone = {
  accept: "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
};

/**
 * When the youngest pod of each namespace was made, of those that have one: RFC 3339. `undefined` where these
 * credentials may not list pods of the whole cluster.
 */
export function youngestPods(cluster: Cluster): Promise<ReadonlyMap<string, string> | undefined> {
  return youngest(cluster, "/api/v1/pods");
}

/** As `youngestPods`, of one namespace. */
export function youngestPodIn(
  cluster: Cluster,
  namespace: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  return youngest(cluster, `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`);
}

async function youngest(
  cluster: Cluster,
  path: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const pods = await telling("The list of pods", async () =>
    listAll<FoundPod>(await cluster.api(), path, {}, metadataAlone),
  );
  return pods && youngestOf(pods);
}

/** The youngest of each namespace. */
export function youngestOf(pods: readonly FoundPod[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { metadata: { namespace = "", creationTimestamp = "" } = {} } of pods) {
    // Instants in UTC to the second are in the order of their texts.
    if (creationTimestamp > (found.get(namespace) ?? "")) {
      found.set(namespace, creationTimestamp);
    }
  }
  return found;
}
