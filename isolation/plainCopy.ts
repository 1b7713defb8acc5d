import { isRecord, type UnknownRecord } from "./values";

/** Stands for a value that is not known or cannot be looked at. It has no type that is expected. */
export const unreadable = Symbol("unreadable");

/** What Pulumi's engine writes for a value that is known only when something has been created. */
const unknownToPulumi = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The key by which Pulumi's state and its wire format mark secrets and other special values. */
const pulumiSignature = "4dabf18193072939515e22adb298388d";

/** Objects of Kubernetes are far flatter; whatever is deeper has itself in it. */
const deepest = 64;

/**
 * Copies a value, with `unreadable` in place of all that cannot be looked at: what is known only
 * after the update, what only stands for another value, what throws when it is touched.
 */
export function plainCopy(value: unknown): unknown {
  return copyOf(value, 0);
}

function copyOf(value: unknown, depth: number): unknown {
  try {
    if (isOpaque(value) || depth > deepest) {
      return unreadable;
    }
    if (Array.isArray(value)) {
      return copyOfList(value, depth);
    }
    return isRecord(value) ? copyOfRecord(value, depth) : value;
  } catch {
    return unreadable;
  }
}

function copyOfRecord(value: UnknownRecord, depth: number): UnknownRecord {
  return Object.fromEntries(
    Object.keys(value).map((key) => [plainKey(key), propertyOf(value, key, depth)]),
  );
}

/** One element at a time, so that one that cannot be looked at hides no other. */
function copyOfList(value: readonly unknown[], depth: number): unknown[] {
  const elements = value as unknown as UnknownRecord;
  return Array.from({ length: value.length }, (_, index) =>
    propertyOf(elements, String(index), depth),
  );
}

/** Pulumi's policy packs throw when a property is touched that is not known yet. */
function propertyOf(value: UnknownRecord, key: string, depth: number): unknown {
  try {
    return copyOf(value[key], depth + 1);
  } catch {
    return unreadable;
  }
}

/** The Kubernetes client for Node.js has another name for the peers of ingress rules. */
function plainKey(key: string): string {
  return key === "_from" ? "from" : key;
}

/** Whether the value only stands for another one: an output, a promise, a secret, an unknown. */
function isOpaque(value: unknown): boolean {
  return (
    value === unknownToPulumi ||
    typeof value === "function" ||
    value instanceof Promise ||
    (isRecord(value) && (value["__pulumiOutput"] === true || pulumiSignature in value))
  );
}
