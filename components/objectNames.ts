/**
 * Fixed names of the objects inside an environment, so that people and admission policies can
 * name them.
 */
export const objectNames = {
  /** The ResourceQuota. */
  quota: "environment",
  /** The LimitRange. */
  limits: "environment",
  /** The NetworkPolicy that closes both directions. */
  defaultDeny: "default-deny",
  /** The NetworkPolicy for traffic between the environment's own pods. */
  sameEnvironment: "same-environment",
  /** The NetworkPolicy for name resolution. */
  dns: "dns",
  /** The Role of the developers and its RoleBinding. */
  developer: "developer",
} as const;
