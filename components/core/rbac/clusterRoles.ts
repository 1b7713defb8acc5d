/** The ClusterRoles that the platform offers under its own names. */
export const platformClusterRoles: Readonly<
  Record<"viewer" | "developer" | "debugger" | "secretReader" | "deployer", string>
> = {
  viewer: "secure-environment-viewer",
  developer: "secure-environment-developer",
  debugger: "secure-environment-debugger",
  secretReader: "secure-environment-secret-reader",
  deployer: "secure-environment-deployer",
};

/**
 * ClusterRoles of Kubernetes that are wider than an environment's walls: `edit` writes network
 * policies and mints tokens, and any operator may widen `admin` and `edit` by aggregation.
 * See https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
 */
const tooWide: readonly string[] = ["cluster-admin", "admin", "edit"];

/** Whether the ClusterRole is one that the cluster itself made: wider than any environment. */
export function isClusterOwned(name: string): boolean {
  return tooWide.includes(name) || name.startsWith("system:");
}
