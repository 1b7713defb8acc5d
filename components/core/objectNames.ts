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
  /** The NetworkPolicy for the mesh's proxies to their control plane. */
  meshControlPlane: "mesh-control-plane",
  /** The NetworkPolicy for the kubelet's probes of pods in Istio's ambient mode. */
  meshProbes: "mesh-probes",
  /** Istio's PeerAuthentication for the whole namespace. */
  strictMutualTls: "strict-mutual-tls",
  /** The Role of those who may look, and its RoleBinding. */
  viewer: "viewer",
  /** The Role of the developers and its RoleBinding. */
  developer: "developer",
  /** The Role of those who may run code in pods, and its RoleBinding. */
  debugger: "debugger",
  /** The Role of those who may read secrets, and its RoleBinding. */
  secretReader: "secret-reader",
  /** The deployer's ServiceAccount, its Role and its RoleBinding. */
  deployer: "deployer",
  /** The RoleBinding of the platform's verifier. */
  verifier: "verifier",
  /** The Secret with the passwords of the image registries. */
  imageRegistries: "image-registries",
} as const;

/** The service accounts that every environment has: that of pods which name none, and the deployer's. */
export const environmentAccounts: readonly string[] = ["default", objectNames.deployer];
