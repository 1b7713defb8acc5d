import { isRecord } from "secure-environment/core";
import { isDuration } from "../duration";

/** How environments are removed that nobody needs. */
export interface Reap {
  /** How many go in one run at most. */
  readonly atMost?: number;
  /** For how long there is no run and no new pod in an idle environment, such as `14d`. */
  readonly idle?: string;
}

const keys: readonly string[] = ["atMost", "idle"] satisfies (keyof Reap)[];

/** How many environments may go in one run. */
const most = 1_000;

/** Whether a number says how many environments go in one run at most. */
export function isReapCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= most;
}

/** What counts, for messages. */
export const reapCounts = `a whole number from 1 to ${most}`;

/** What settings say of it, and what is wrong with that. */
export function reapIn(value: unknown): { reap?: Reap; faults: string[] } {
  if (value === undefined) {
    return { faults: [] };
  }
  if (!isRecord(value)) {
    return { faults: [`reap is no map with the keys ${keys.join(", ")}`] };
  }
  const { atMost, idle } = value;
  const faults = [
    ...Object.keys(value)
      .filter((key) => !keys.includes(key))
      .map((key) => `reap.${key} is not known; there are ${keys.join(", ")}`),
    ...(atMost === undefined || isReapCount(atMost)
      ? []
      : [`reap.atMost is ${JSON.stringify(atMost)}: give ${reapCounts}`]),
    ...(idle === undefined || (typeof idle === "string" && isDuration(idle))
      ? []
      : [`reap.idle is ${JSON.stringify(idle)}: give a whole number with a unit, such as 14d`]),
  ];
  return faults.length > 0 ? { faults } : { faults, reap: value };
}
