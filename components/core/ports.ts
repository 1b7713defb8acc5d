import { problemUnless, type Problem } from "./problems";

/** Whether the value is a port: a whole number from 1 to 65535. */
export function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535;
}

/** Everything wrong with one port; without a port nothing is. */
export function portProblems(property: string, port: number | undefined): Problem[] {
  const remedy = "Use a whole number from 1 to 65535.";
  return problemUnless(port === undefined || isPort(port), property, "is not a port", remedy, port);
}
