import { isObject, type PlainObject, type PlainValue } from "../properties";

/** A Kubernetes object, as JSON; it may hold values that are not known yet. */
export type KubernetesObject = PlainObject;

/** Which type of object this is. */
export interface ObjectType {
  apiVersion: string;
  kind: string;
}

/** A field that is an object itself; empty when there is no such field. */
export function child(object: PlainObject, field: string): PlainObject {
  const value = object[field];
  return isObject(value) ? value : {};
}

/** The value at a path; undefined when there is none. */
export function valueAt(
  object: PlainObject,
  path: readonly (string | number)[],
): PlainValue | undefined {
  let current: PlainValue | undefined = object;
  for (const step of path) {
    current = (current as { [key: string]: PlainValue } | null | undefined)?.[step];
  }
  return current;
}

/** A text field; empty when it is missing or unknown. */
export function text(object: PlainObject, field: string): string {
  const value = object[field];
  return typeof value === "string" ? value : "";
}

/** The object's API version and kind. */
export function objectType(object: KubernetesObject): ObjectType {
  return { apiVersion: text(object, "apiVersion"), kind: text(object, "kind") };
}

/** The object's name; empty when it has none or it is unknown. */
export function nameOf(object: KubernetesObject): string {
  return text(child(object, "metadata"), "name");
}

/** The object's namespace; empty when it has none or it is unknown. */
export function namespaceOf(object: KubernetesObject): string {
  return text(child(object, "metadata"), "namespace");
}

/** What tells this object from a later one of the same name. */
export function uidOf(object: KubernetesObject): string {
  return text(child(object, "metadata"), "uid");
}

/** The version of the object's last change. */
export function resourceVersionOf(object: KubernetesObject): string {
  return text(child(object, "metadata"), "resourceVersion");
}

/** The value of an annotation; empty when it is not there. */
export function annotation(object: KubernetesObject, key: string): string {
  return text(child(child(object, "metadata"), "annotations"), key);
}

/** The resource id in Pulumi's state: `namespace/name`, or `name` in no namespace. */
export function objectId(object: KubernetesObject): string {
  const namespace = namespaceOf(object);
  return namespace === "" ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

/** Takes a resource id apart. */
export function parseObjectId(id: string): { namespace: string; name: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { namespace: "", name: first } : { namespace: first, name: second };
}

/** The API group of an API version; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** A copy of the object with fields of its metadata set. */
export function withMetadata(object: KubernetesObject, fields: PlainObject): KubernetesObject {
  return { ...object, metadata: { ...child(object, "metadata"), ...fields } };
}

/** A copy of the object without one of its fields. */
export function withoutField(object: KubernetesObject, field: string): KubernetesObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== field));
}

/** A copy of the object without some fields of its metadata. */
export function withoutMetadata(
  object: KubernetesObject,
  fields: readonly string[],
): KubernetesObject {
  if (!isObject(object["metadata"])) {
    return object;
  }
  const kept = Object.entries(child(object, "metadata")).filter(([key]) => !fields.includes(key));
  return { ...object, metadata: Object.fromEntries(kept) };
}
