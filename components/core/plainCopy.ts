import { isRecord, type UnknownRecord } from "./values";

/** Stands for a value that is not known or cannot be looked at. It has no type that is expected. */
export const unreadable = Symbol("unreadable");

/** Objects of Kubernetes are far flatter; a value that is deeper contains itself. */
const deepest = 64;

/** Whether a value only stands for another one. */
export type IsOpaque = (value: unknown) => boolean;

/**
 * Copies a value, with `unreadable` in place of all that cannot be looked at: what only stands for
 * another value, what throws when it is touched.
 *
 * @param isOpaque which values only stand for others, besides functions and promises. Defaults to none.
 */
export function plainCopy(value: unknown, isOpaque: IsOpaque = () => false): unknown {
  return copyOf(value, isOpaque, 0);
}

function copyOf(value: unknown, isOpaque: IsOpaque, depth: number): unknown {
  try {
    if (isExecutable(value) || isOpaque(value) || depth > deepest) {
      return unreadable;
    }
    if (Array.isArray(value)) {
      return copyOfList(value, isOpaque, depth);
    }
    return isRecord(value) ? copyOfRecord(value, isOpaque, depth) : value;
  } catch {
    return unreadable;
  }
}

/**
 * Made by assignments, which are several times as fast as `Object.fromEntries`: policy packs copy all
 * resources of a stack. Assigned, `__proto__` would lend its properties to the copy.
 */
function copyOfRecord(value: UnknownRecord, isOpaque: IsOpaque, depth: number): UnknownRecord {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    if (key !== "__proto__") {
      copy[plainKey(key)] = propertyOf(value, key, isOpaque, depth);
    }
  }
  return copy;
}

/** One element at a time, so that one that cannot be looked at hides no other. */
function copyOfList(value: readonly unknown[], isOpaque: IsOpaque, depth: number): unknown[] {
  const elements = value as unknown as UnknownRecord;
  return Array.from({ length: value.length }, (_, index) =>
    propertyOf(elements, String(index), isOpaque, depth),
  );
}

/** Properties may throw when they are touched, such as those that are not known yet. */
function propertyOf(value: UnknownRecord, key: string, isOpaque: IsOpaque, depth: number): unknown {
  try {
    return copyOf(value[key], isOpaque, depth + 1);
  } catch {
    return unreadable;
  }
}

/** The Kubernetes client for Node.js has another name for the peers of ingress rules. */
function plainKey(key: string): string {
  return key === "_from" ? "from" : key;
}

function isExecutable(value: unknown): boolean {
  return typeof value === "function" || value instanceof Promise;
}
