/**
 * Labels and annotations of environments that no setting of a platform lets others write. What a
 * webhook or a MutatingAdmissionPolicy adds comes under the name of the pipeline whose request it is,
 * so whatever is listed the pipeline may write as well.
 */

/**
 * Domains of keys by which a cloud takes a service account for one of its own identities: AWS, Azure
 * and Google Cloud.
 */
const cloudDomains: readonly string[] = [
  "azure.workload.identity",
  "eks.amazonaws.com",
  "iam.amazonaws.com",
  "iam.gke.io",
];

/**
 * Domains of keys by which the cluster, the platform, a mesh, a network plugin or another admission
 * controller decides what a namespace or a service account is. Their subdomains belong to them,
 * `pod-security.kubernetes.io` among them.
 */
const reservedDomains: readonly string[] = [
  "cilium.io",
  "cncf.io",
  "gatekeeper.sh",
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
  return reservedKeys.includes(key) || isOfDomain(key, reservedDomains) || isCloudIdentity(key);
}

/** Whether a cloud takes a service account with the annotation for one of its own identities. */
export function isCloudIdentity(key: string): boolean {
  return isOfDomain(key, cloudDomains);
}

function isOfDomain(key: string, domains: readonly string[]): boolean {
  const [domain = "", name] = key.split("/");
  return (
    name !== undefined &&
    domains.some((reserved) => domain === reserved || domain.endsWith(`.${reserved}`))
  );
}
