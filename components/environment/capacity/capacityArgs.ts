/**
 * Sizes of environments: each doubles the one before. Pods that ask for nothing fit, as many as the
 * size is for, and a fifth more for a rollout beside them. In a mesh that puts a proxy into each pod,
 * the proxies have their share on top.
 */
export const EnvironmentSize = {
  /** For 10 pods: 1200m CPU and 2Gi requested, 6 CPU and 6Gi at most, 12 pods with a rollout. */
  Small: "small",
  /** For 20 pods: 2400m CPU and 4Gi requested, 12 CPU and 12Gi at most, 24 pods with a rollout. */
  Medium: "medium",
  /** For 40 pods: 4800m CPU and 8Gi requested, 24 CPU and 24Gi at most, 48 pods with a rollout. */
  Large: "large",
} as const;
export type EnvironmentSize = (typeof EnvironmentSize)[keyof typeof EnvironmentSize];

/** What a container gets that asks for nothing. */
export interface ContainerDefaultsArgs {
  /**
   * Requests by resource: `cpu`, `memory`, `ephemeral-storage`.
   *
   * Defaults to `100m`, `128Mi` and `256Mi`; what is given here replaces single entries.
   */
  requests?: Record<string, string>;
  /**
   * Limits by resource: `cpu`, `memory`, `ephemeral-storage`.
   *
   * Defaults to `500m`, `512Mi` and `1Gi`; what is given here replaces single entries.
   */
  limits?: Record<string, string>;
}
