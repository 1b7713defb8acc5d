import { isRecord, type UnknownRecord } from "./values";

/** Stands for a value that is not known or cannot be looked at. It has no type that is expected. */
export const unreadable = Symbol("unreadable");

/**
 * What Pulumi's engine writes for a value that is known only when something has been created: for a
 * truth value, a number, a text, a list, an asset, an archive and an object.
 */
const unknownsOfPulumi: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

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

/**
 * Made by assignments, which are several times as fast as `Object.fromEntries`: policy packs copy all
 * resources for each policy. Assigned, `__proto__` would lend its properties to the copy.
 */
function copyOfRecord(value: UnknownRecord, depth: number): UnknownRecord {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key !== "__proto__") {
      copy[plainKey(key)] = propertyOf(value, key, depth);
    }
  }
  return copy;
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
    unknownsOfPulumi.has(value) ||
    typeof value === "function" ||
    value instanceof Promise ||
    (isRecord(value) && (value["__pulumiOutput"] === true || pulumiSignature in value))
  );
}
