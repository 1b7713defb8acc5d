/** Every object that an environment promises, as `Kind/name`. */
export const promisedObjects: readonly string[] = [
  "LimitRange/environment",
  "NetworkPolicy/default-deny",
  "NetworkPolicy/dns",
  "NetworkPolicy/same-environment",
  "ResourceQuota/environment",
  "ResourceQuota/no-cross-namespace-affinity",
  "ResourceQuota/no-system-priority",
  "Role/deployer",
  "Role/developer",
  "RoleBinding/deployer",
  "RoleBinding/developer",
  "ServiceAccount/deployer",
];
