import { isDeepStrictEqual } from "node:util";
import { isObject, type PlainObject, type PlainValue, Unknown } from "../properties";
import type { Path } from "./propertyPath";

/** One place where the wanted object is not like the present one. */
export interface Difference {
  path: Path;
  kind: "add" | "delete" | "update";
}

/** All places where a wanted object differs from the present one, as deep down as possible. */
export function differences(present: PlainObject, wanted: PlainObject): Difference[] {
  return compareObjects([], present, wanted);
}

function compareObjects(path: Path, present: PlainObject, wanted: PlainObject): Difference[] {
  const keys = new Set([...Object.keys(present), ...Object.keys(wanted)]);
  return [...keys].flatMap((key) => compareValues([...path, key], present[key], wanted[key]));
}

function compareLists(path: Path, present: PlainValue[], wanted: PlainValue[]): Difference[] {
  const length = Math.max(present.length, wanted.length);
  return Array.from({ length }, (_, index) =>
    compareValues([...path, index], present[index], wanted[index]),
  ).flat();
}

function compareValues(
  path: Path,
  present: PlainValue | undefined,
  wanted: PlainValue | undefined,
): Difference[] {
  if (wanted === undefined) {
    return [{ path, kind: "delete" }];
  }
  if (present === undefined) {
    return [{ path, kind: "add" }];
  }
  if (isObject(present) && isObject(wanted)) {
    return compareObjects(path, present, wanted);
  }
  if (Array.isArray(present) && Array.isArray(wanted)) {
    return compareLists(path, present, wanted);
  }
  const same = !(wanted instanceof Unknown) && isDeepStrictEqual(present, wanted);
  return same ? [] : [{ path, kind: "update" }];
}
