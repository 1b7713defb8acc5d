import { performance } from "node:perf_hooks";

/** How long answers took, in milliseconds. */
export interface Latencies {
  readonly median: number;
  /** 95 of 100 answers came within this time. */
  readonly p95: number;
  readonly count: number;
}

/** @throws RangeError when there is no value. */
export function latenciesOf(milliseconds: readonly number[]): Latencies {
  const ordered = milliseconds.toSorted((one, other) => one - other);
  return { median: percentile(ordered, 50), p95: percentile(ordered, 95), count: ordered.length };
}

/** Sends requests one after the other for some time, at least one, and says how long each took. */
export async function measureLatencies(
  milliseconds: number,
  send: (index: number) => Promise<void>,
): Promise<Latencies> {
  const latencies: number[] = [];
  const end = performance.now() + milliseconds;
  do {
    const start = performance.now();
    await send(latencies.length);
    latencies.push(performance.now() - start);
  } while (performance.now() < end);
  return latenciesOf(latencies);
}

/** The nearest rank: the least value that so many percent of the values do not exceed. */
function percentile(ordered: readonly number[], percent: number): number {
  const value = ordered[Math.ceil((percent / 100) * ordered.length) - 1];
  if (value === undefined) {
    throw new RangeError("There is nothing to take a percentile of.");
  }
  return value;
}
