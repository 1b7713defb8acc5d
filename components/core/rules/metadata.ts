/**
 * Labels and annotations of environments that no setting of a platform lets others write. What a
 * webhook or a MutatingAdmissionPolicy adds comes under the name of the pipeline whose request it is,
 * so whatever is listed the pipeline may write as well.
 */

/**
 * Domains of keys by which the cluster, the platform, a mesh, a network plugin, another admission
 * controller or a cloud decides what a namespace or a service account is. Their subdomains belong to
 * them, `pod-security.kubernetes.io` among them.
 */
export const reservedDomains: readonly string[] = [
  "azure.workload.identity",
  "cilium.io",
  "cncf.io",
  "eks.amazonaws.com",
  "gatekeeper.sh",
  "iam.amazonaws.com",
  "iam.gke.io",
  "istio.io",
  "k8s.io",
  "kubernetes.io",
  "kyverno.io",
  "linkerd.io",
  "openshift.io",
  "ovn.org",
  "projectcalico.org",
  "secure-environment",
];

/** Keys without a domain that decide the same. */
const reservedKeys: readonly string[] = ["istio-injection"];

/** Whether the label or annotation is one that only pipelines and administrators write. */
export function isReservedKey(key: string): boolean {
  const [domain = ""] = key.split("/");
  return (
    reservedKeys.includes(key) ||
    (key.includes("/") &&
      reservedDomains.some((reserved) => domain === reserved || domain.endsWith(`.${reserved}`)))
  );
}
