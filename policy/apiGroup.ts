import { type KubernetesObject } from "./kubernetesObject";

/** The group of an `apiVersion`; that of the core has an empty name. */
export function apiGroupOf(apiVersion: string): string {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined ? "" : group;
}

/** Whether the object is of one of these kinds of the API group, in any version. */
export function isOfKind(
  object: KubernetesObject,
  group: string,
  ...kinds: readonly string[]
): boolean {
  return apiGroupOf(object.apiVersion) === group && kinds.includes(object.kind);
}
