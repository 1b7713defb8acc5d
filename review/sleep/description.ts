import { type WorkloadOutcome } from "./outcomes";

/** What became of an environment, for programs that read it. */
export interface SleepResult {
  readonly namespace: string;
  /** The stack, without owner and project. */
  readonly stack: string;
  readonly workloads: readonly WorkloadOutcome[];
}

const words: Readonly<Record<WorkloadOutcome["outcome"], string>> = {
  slept: "put to sleep",
  asleep: "sleeps already",
  woken: "woken",
  awake: "awake",
  left: "left",
  failed: "failed",
};

/** A sleep or a wake in words: a line for each workload that it was about. */
export function describeSleep(result: SleepResult, headline: string): string {
  const kinds = result.workloads.map(({ kind, name }) => `${kind} ${name}`);
  const width = Math.max(0, ...kinds.map(({ length }) => length));
  const lines = result.workloads.map(
    ({ outcome, replicas, reason }, index) =>
      `  ${(kinds[index] ?? "").padEnd(width)}  ${words[outcome]}${detailOf(replicas, reason)}`,
  );
  return [headline, ...lines].join("\n");
}

function detailOf(replicas: number | undefined, reason: string | undefined): string {
  if (reason !== undefined) {
    return `: ${reason}`;
  }
  return replicas === undefined ? "" : `, ${replicas} ${replicas === 1 ? "replica" : "replicas"}`;
}
