/**
 * From here on the pods of a namespace go before its walls, in minor versions of Kubernetes 1.
 * See https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/ (OrderedNamespaceDeletion)
 */
export const neededMinor = 33;

/** From here on restricted pods cannot make the kubelet send probes to any host. */
export const safeMinor = 34;

/** There is one major version. Some clouds mark theirs, as in `v1.34.1-eks-1234`. */
export function minorOf(version: string): number {
  return Number(/^v1\.(\d+)/.exec(version)?.[1] ?? Number.NaN);
}
