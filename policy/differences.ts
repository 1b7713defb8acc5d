import { isMissing, isRecord, type UnknownRecord } from "secure-environment/core";
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
    return isRecord(field.value) ? recordDifferences(field, field.value, wanted) : [field];
  }
  return field.value === wanted ? [] : [field];
}

/** Keys that are not wanted stay unnamed: they could be somebody's secret. */
function recordDifferences(
  field: Field,
  found: UnknownRecord,
  wanted: UnknownRecord,
): readonly Field[] {
  const others = Object.keys(found).filter(
    (key) => !Object.hasOwn(wanted, key) && !isMissing(found[key]),
  );
  return [
    ...Object.keys(wanted).flatMap((key) => differences(fieldBelow(field, key), wanted[key])),
    ...(others.length === 0 ? [] : [field]),
  ];
}
