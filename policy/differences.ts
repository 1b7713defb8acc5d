import { isMissing, isRecord } from "secure-environment-isolation";
import { elementsOf, type Field, fieldBelow } from "./fields";

/** Where a value is another than the wanted one, at any depth. What is not known yet is another. */
export function differences(field: Field, wanted: unknown): readonly Field[] {
  if (Array.isArray(wanted)) {
    const elements = elementsOf(field);
    return elements.length === wanted.length
      ? elements.flatMap((element, index) => differences(element, wanted[index]))
      : [field];
  }
  if (isRecord(wanted)) {
    return isRecord(field.value)
      ? keysOf(field.value, wanted).flatMap((key) =>
          differences(fieldBelow(field, key), wanted[key]),
        )
      : [field];
  }
  return field.value === wanted || (isMissing(field.value) && isMissing(wanted)) ? [] : [field];
}

function keysOf(...records: readonly object[]): readonly string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))];
}
