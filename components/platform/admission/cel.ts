import { type NamedExpression } from "./validatingAdmissionPolicy";

/**
 * Pieces of CEL, the language of admission policies.
 * See https://kubernetes.io/docs/reference/using-api/cel/
 */

/**
 * A value as a CEL literal: what JSON writes. The items of a list or a map have to be of one type,
 * so those that are no texts hide theirs.
 */
export function literal(value: unknown): string {
  if (Array.isArray(value)) {
    return `[${itemLiterals(value).join(",")}]`;
  }
  if (typeof value === "object" && value !== null) {
    const items = itemLiterals(Object.values(value));
    const keys = Object.keys(value).map((key) => JSON.stringify(key));
    return `{${keys.map((key, index) => `${key}:${items[index]}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

function itemLiterals(items: readonly unknown[]): string[] {
  return items.every((item) => typeof item === "string")
    ? items.map((item) => JSON.stringify(item))
    : items.map((item) => `dyn(${literal(item)})`);
}

/** A field of a request that the API server leaves out when it is empty. */
export function requestField(name: "namespace" | "subResource" | "name"): string {
  return `request.?${name}.orValue("")`;
}

/** The labels or annotations of an object, of which there may be none. */
export function metadataMap(object: string, field: "labels" | "annotations"): string {
  return `${object}.metadata.?${field}.orValue({})`;
}

/** A label or annotation of an object, or an empty text. */
export function metadataValue(
  object: string,
  field: "labels" | "annotations",
  key: string,
): string {
  return `${object}.metadata.?${field}[?${literal(key)}].orValue("")`;
}

/** A variable for policies about all operations: a deletion has no object. */
export const isWritten: NamedExpression = {
  name: "isWritten",
  expression: 'request.operation != "DELETE"',
};

/** What has to hold, all of it, for an object that is written. It needs the variable `isWritten`. */
export function whenWritten(...conditions: readonly string[]): string {
  return `!variables.isWritten || (${conditions.map((condition) => `(${condition})`).join(" && ")})`;
}

/** The name of what is written or deleted, also where the API server has made it up. */
export const nameOfObject =
  'request.operation == "DELETE" ? oldObject.metadata.name : object.metadata.name';

/** Whether all labels or annotations that the request sets have listed keys. */
export function addsOnly(field: "labels" | "annotations", keys: readonly string[]): string {
  return addsOnlyWhere(field, `key in ${literal(keys)}`);
}

/** Whether a condition about `key` holds for all labels or annotations that the request sets. */
export function addsOnlyWhere(field: "labels" | "annotations", condition: string): string {
  return `${metadataMap("object", field)}.all(key, ${condition} || (${isUnchanged(field)}))`;
}

/** The keys of labels or annotations that the request sets and that are not listed, as one text. */
export function addedBeside(field: "labels" | "annotations", keys: readonly string[]): string {
  return addedBesideWhere(field, `key in ${literal(keys)}`);
}

/** The same of those for which a condition about `key` does not hold. */
export function addedBesideWhere(field: "labels" | "annotations", condition: string): string {
  return (
    `${metadataMap("object", field)}.map(key, key)` +
    `.filter(key, !(${condition} || (${isUnchanged(field)}))).join(", ")`
  );
}

/** A message, and after it what was found: a text that CEL computes. */
export function naming(message: string, found: string): string {
  return `${literal(`${message} Found: `)} + ${found} + "."`;
}

/** Whether the label or annotation `key` says what it said before. */
export function isUnchanged(field: "labels" | "annotations"): string {
  return `oldObject != null && oldObject.metadata.?${field}[?key] == object.metadata.?${field}[?key]`;
}

/** Whether the request adds no entry to a list of an object. */
export function addsNone(...path: readonly string[]): string {
  const list = `.?${path.join(".?")}.orValue([])`;
  return `object${list}.all(entry, oldObject != null && entry in oldObject${list})`;
}

/** A regular expression that the texts match; a `*` in them stands for any text. */
export function patternOf(texts: readonly string[]): string {
  const parts = texts.map((text) => text.replaceAll(".", "\\.").replaceAll("*", ".*"));
  return `^(${parts.join("|")})$`;
}
