/**
 * The closed list of labels and annotations of an environment. Code that judges environments from
 * outside (admission, policies, clean-up) reads these and no others. The identity of a namespace
 * is never one of them: it is `kubernetes.io/metadata.name`, the one label that no user can forge.
 */

/** Labels of a namespace and, where they make sense, of the objects in it. */
export const labels = {
  /** What the environment is: `review` or `permanent`. */
  kind: "secure-environment/kind",
  /** The project that owns the environment. */
  project: "secure-environment/project",
  /** The Pulumi stack that made the environment. */
  stack: "secure-environment/stack",
  /** Who asked for the environment: a person or a team. */
  owner: "secure-environment/owner",
  /**
   * The pool of nodes on which the environment's pods run: what the platform's admission policy
   * goes by. Also the label and the taint of the pool's nodes unless configured otherwise.
   */
  nodePool: "secure-environment/node-pool",
  /** Says that only administrators delete the namespace and change its labels. */
  protect: "secure-environment/protect",
  /** Says that clean-up leaves the environment alone: an administrator sets it on the namespace. */
  keep: "secure-environment/keep",
} as const;

/** Annotations of the namespace and of holes. */
export const annotations = {
  /** The branch, in full, as it was given. */
  branch: "secure-environment/branch",
  /** When the environment may be removed, or when the hole closes: RFC 3339, UTC. */
  expiresAt: "secure-environment/expires-at",
  /** Where the environment's application answers. */
  url: "secure-environment/url",
  /** Why the hole is there. */
  reason: "secure-environment/reason",
  /** The same instant for clusters that run kube-janitor. */
  janitorExpires: "janitor/expires",
} as const;

/**
 * The label that the API server itself sets on every namespace and resets on every write.
 * See https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name
 */
export const namespaceNameLabel = "kubernetes.io/metadata.name";

/** Kinds of environments: the values of the `kind` label. */
export type EnvironmentKind = "review" | "permanent";

/** Annotations that the admission plugins PodNodeSelector and PodTolerationRestriction read. */
export const nodePoolAnnotationNames = {
  nodeSelector: "scheduler.alpha.kubernetes.io/node-selector",
  defaultTolerations: "scheduler.alpha.kubernetes.io/defaultTolerations",
  tolerationsWhitelist: "scheduler.alpha.kubernetes.io/tolerationsWhitelist",
} as const;
