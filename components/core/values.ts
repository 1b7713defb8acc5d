/**
 * Looking at values whose shape has not been checked. Missing and `null` are the same thing in
 * Kubernetes objects.
 */

export type UnknownRecord = Readonly<Record<string, unknown>>;

export function isMissing(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An element of a list: the API server reads `null` there as an object without properties. */
export function isElement(value: unknown): value is UnknownRecord | null {
  return value === null || isRecord(value);
}

/** The text, or `undefined` when it is something else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The properties, none when it is something else. */
export function recordOf(value: unknown): UnknownRecord {
  return isRecord(value) ? value : {};
}

/** The elements, none when it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
