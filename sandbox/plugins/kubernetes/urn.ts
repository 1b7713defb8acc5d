import type { ObjectType } from "./object";

/** The type token of a resource, such as `kubernetes:core/v1:Namespace`. */
export function typeToken(urn: string): string {
  return (urn.split("::")[2] ?? "").split("$").at(-1) ?? "";
}

/** The name that the program gave to the resource. */
export function resourceName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The API version and kind that a type token stands for. */
export function objectTypeOfToken(token: string): ObjectType {
  const [, groupVersion = "", kind = ""] = token.split(":");
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/**
 * Whether the resource changes some fields of an object that something else created. A custom kind
 * may end with "Patch" on its own account, so the name alone does not tell.
 */
export function isPatchResource(urn: string, kind: string): boolean {
  return typeToken(urn).split(":").at(-1) === `${kind}Patch`;
}
