import { isMissing, problem, recordOf, unreadable } from "secure-environment/core";
import { type Violation } from "./policy";

/** A value of a resource, and where it is. */
export interface Field {
  /** Such as `spec.containers[0].image`. */
  readonly property: string;
  readonly value: unknown;
}

/** What is below a value under a key. Below what is not known there is nothing else to be named. */
export function fieldBelow(field: Field, key: string): Field {
  if (field.value === unreadable) {
    return field;
  }
  return { property: propertyBelow(field.property, key), value: recordOf(field.value)[key] };
}

function propertyBelow(property: string, key: string): string {
  if (!/^\w+$/.test(key)) {
    return `${property}["${key}"]`;
  }
  return property === "" ? key : `${property}.${key}`;
}

/**
 * The fields at a path such as `ports[].hostPort`: one for each element of the lists on the way,
 * missing ones included. What is no list where one belongs is looked at as its only element.
 */
export function fieldsAt(field: Field, path: string): readonly Field[] {
  return path
    .split(".")
    .reduce<readonly Field[]>(
      (fields, step) => fields.flatMap((at) => stepFrom(at, step)),
      [field],
    );
}

/** The field at a path without lists. */
export function fieldAt(field: Field, path: string): Field {
  return path.split(".").reduce(fieldBelow, field);
}

function stepFrom(field: Field, step: string): readonly Field[] {
  const isList = step.endsWith("[]");
  const below = fieldBelow(field, isList ? step.slice(0, -"[]".length) : step);
  return isList ? elementsOf(below) : [below];
}

/** The elements of a list, none where it is missing. */
export function elementsOf({ property, value }: Field): readonly Field[] {
  if (Array.isArray(value)) {
    return value.map((element: unknown, index) => ({
      property: `${property}[${index}]`,
      value: element,
    }));
  }
  return isMissing(value) ? [] : [{ property, value }];
}

/** Whether there is nothing: what the API server takes for missing in a text, a list or a map. */
export function isNothing(value: unknown): boolean {
  return (
    isMissing(value) ||
    value === "" ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

/** What is not known yet where it has to be. */
export function unknownViolation(property: string): Violation {
  const fault = "is not known before the update, so nobody can tell whether it is allowed";
  const remedy = "Give a plain value.";
  return problem(property, fault, remedy);
}

/** The violations, each once: what is not known is found by every rule that looks for it. */
export function distinct(violations: readonly Violation[]): Violation[] {
  const same = ({ property, fault }: Violation, other: Violation) =>
    property === other.property && fault === other.fault;
  return violations.filter(
    (violation, index) => violations.findIndex((other) => same(violation, other)) === index,
  );
}
