import * as pulumi from "@pulumi/pulumi";
import { type Cluster } from "./cluster";

/**
 * How pipelines reach the cluster, and how they tell that it is the right one. Nothing of it is
 * secret. A preview does not know it.
 */
export function clusterIdentity(cluster: Cluster | undefined) {
  return {
    apiServer: laterKnown(cluster?.server),
    // Where every machine trusts it there is none, and Pulumi warns of outputs without a value.
    ...((cluster === undefined || cluster.certificateAuthority !== undefined) && {
      certificateAuthority: laterKnown(cluster?.certificateAuthority),
    }),
    clusterId: laterKnown(cluster && clusterId(cluster)),
  };

  function laterKnown<Value>(value: Value): pulumi.Output<unknown> {
    return pulumi.output<unknown>(cluster === undefined ? pulumi.unknown : value);
  }
}

/** The UID of kube-system: no two clusters have the same, and none changes it. */
async function clusterId(cluster: Cluster): Promise<string | undefined> {
  const path = "/api/v1/namespaces/kube-system";
  const namespace = await cluster.find<{ metadata: { uid: string } }>(path);
  return namespace?.metadata.uid;
}
