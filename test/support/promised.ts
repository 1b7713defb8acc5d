/** Every object that an environment promises, as `Kind/name`. */
export const promisedObjects: readonly string[] = [
  "LimitRange/environment",
  "NetworkPolicy/default-deny",
  "NetworkPolicy/dns",
  "NetworkPolicy/same-environment",
  "ResourceQuota/environment",
  "Role/developer",
  "RoleBinding/developer",
];
