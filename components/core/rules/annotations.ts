/**
 * Annotations on which a controller or a network plugin acts: networks, host names, roles of clouds,
 * copies of secrets. The prefix of the key, a domain name, tells which one acts. There are ever new
 * prefixes, so the list says which may be addressed.
 * See https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set
 */

/**
 * Prefixes of annotations that any object of an environment may have: books and descriptions. Those of
 * Pulumi are for the program that makes the object; it marks what it has named itself.
 */
export const plainAnnotationPrefixes: readonly string[] = [
  "app.kubernetes.io",
  "argocd.argoproj.io",
  "batch.kubernetes.io",
  "cronjob.kubernetes.io",
  "deployment.kubernetes.io",
  "helm.sh",
  "kubectl.kubernetes.io",
  "meta.helm.sh",
  "prometheus.io",
  "pulumi.com",
];

/**
 * Single annotations that any object of an environment may have: descriptions, what the API server
 * itself writes down of a pod's limits, whose token a Secret is, of which the type is judged, and two
 * that tell the cluster's own controllers which pod goes first and that callers stay in their zone.
 */
export const plainAnnotations: readonly string[] = [
  "controller.kubernetes.io/pod-deletion-cost",
  "kubernetes.io/change-cause",
  "kubernetes.io/description",
  "kubernetes.io/limit-ranger",
  "kubernetes.io/service-account.name",
  "service.kubernetes.io/topology-mode",
];

/**
 * Whether the annotation addresses no controller: its key has no domain name in it, such as
 * `checksum/config`, or one of the lists has it. `allowed` has further keys, or prefixes that end in
 * `/`.
 */
export function isPlainAnnotation(key: string, allowed: readonly string[] = []): boolean {
  const [prefix = ""] = key.split("/");
  return (
    !prefix.includes(".") ||
    plainAnnotations.includes(key) ||
    (key.includes("/") && plainAnnotationPrefixes.includes(prefix)) ||
    allowed.some((entry) => (entry.endsWith("/") ? key.startsWith(entry) : key === entry))
  );
}
