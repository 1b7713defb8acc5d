/** Sizes of environments: each doubles the one before. */
export const EnvironmentSize = {
  /** 1 CPU and 2Gi requested, 2 CPU and 4Gi at most, 10 pods. */
  Small: "small",
  /** 2 CPU and 4Gi requested, 4 CPU and 8Gi at most, 20 pods. */
  Medium: "medium",
  /** 4 CPU and 8Gi requested, 8 CPU and 16Gi at most, 40 pods. */
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
