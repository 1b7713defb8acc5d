import { isObject, type PlainObject, type PlainValue } from "../properties";

/** What of a live object was asked for: the fields that the inputs have, at every depth. */
export function pruneToShape(live: PlainObject, shape: PlainObject): PlainObject {
  const pruned: PlainObject = {};
  for (const [key, value] of Object.entries(live)) {
    const wanted = shape[key];
    if (wanted !== undefined) {
      pruned[key] = pruneValue(value, wanted);
    }
  }
  return pruned;
}

function pruneValue(live: PlainValue, shape: PlainValue): PlainValue {
  if (isObject(live) && isObject(shape)) {
    return pruneToShape(live, shape);
  }
  if (Array.isArray(live) && Array.isArray(shape)) {
    return pruneList(live, shape);
  }
  return live;
}

function pruneList(live: PlainValue[], shape: PlainValue[]): PlainValue[] {
  return live
    .slice(0, shape.length)
    .map((element, index) => pruneValue(element, shape[index] ?? null));
}
