/**
 * What an object may take, all of it with its metadata, as the API server writes it out. Every change
 * of it, be it a label, is another whole copy in etcd, until etcd is compacted: by default the API
 * server does so every five minutes, and etcd takes 2Gi.
 * See https://etcd.io/docs/v3.6/op-guide/maintenance/ and
 * https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/ (--etcd-compaction-interval)
 */

/** Resources whose purpose is to hold data, Helm's releases among it. */
export const dataResources: readonly string[] = ["configmaps", "secrets"];

/** The most that a ConfigMap or a Secret takes, unless configured otherwise. */
export const defaultMaximumDataSize = "256Ki";

/** The least and the most that may be configured for them; etcd takes no more in one request. */
export const dataSizeRange = { least: "4Ki", most: "1536Ki" } as const;

/**
 * The most that any other object takes. Controllers copy templates into ReplicaSets, revisions and each
 * pod.
 */
export const maximumObjectSize = "64Ki";
