import type { DoubtCollector } from "./doubts";
import { isMissing, isRecord } from "secure-environment/core";

/** What is known of the labels of an object. */
export interface LabelFacts {
  readonly known: ReadonlyMap<string, string>;
  /** Whether there are no labels but the known ones. */
  readonly complete: boolean;
}

/** Reads labels; one that cannot be read may be there with any value, or not. */
export function readLabels(value: unknown, property: string, doubts: DoubtCollector): LabelFacts {
  if (isMissing(value)) {
    return { known: new Map(), complete: true };
  }
  if (!isRecord(value)) {
    doubts.add(property, value, "are no labels; every selector counts as able to match them");
    return { known: new Map(), complete: false };
  }
  const known = new Map<string, string>();
  for (const [key, label] of Object.entries(value)) {
    if (typeof label === "string") {
      known.set(key, label);
    } else {
      const fault = "is no text; every selector on it counts as able to match it";
      doubts.add(`${property}["${key}"]`, label, fault);
    }
  }
  return { known, complete: known.size === Object.keys(value).length };
}
