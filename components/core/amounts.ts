import { problem, problemIf, type Problem } from "./problems";
import { parseQuantity } from "./quantity";

/** Amounts by the name that Kubernetes gives the resource, such as `{ cpu: "500m" }`. */
export type Amounts = Readonly<Record<string, string>>;

/** The resources that a container may use and a quota bounds. */
export const computeResources = ["cpu", "memory", "ephemeral-storage"] as const;
export type ComputeResource = (typeof computeResources)[number];

/** An amount and the property where it is written. */
export interface NamedAmount {
  readonly property: string;
  readonly value: string | undefined;
}

/** What is wrong with an amount by itself. */
export function amountProblems(property: string, value: string): Problem[] {
  const amount = parseQuantity(value);
  if (amount !== undefined && amount >= 0n) {
    return [];
  }
  const fault = amount === undefined ? "is not a Kubernetes quantity" : "is negative";
  const remedy =
    "Write a number with at most one unit and no space, such as 2, 500m, 512Mi or 10Gi.";
  return [problem(property, fault, remedy, value)];
}

/** Says when the part is more than the whole; amounts that are missing or no amounts are not judged. */
export function excessProblems(part: NamedAmount, whole: NamedAmount, remedy: string): Problem[] {
  const fault = `is more than ${whole.property}, which is ${whole.value}`;
  return problemIf(isLess(whole.value, part.value), part.property, fault, remedy, part.value);
}

/** Whether both are amounts and the first is the smaller one. */
export function isLess(first: string | undefined, second: string | undefined): boolean {
  const [small, large] = [parseQuantity(first ?? ""), parseQuantity(second ?? "")];
  return small !== undefined && large !== undefined && small < large;
}
