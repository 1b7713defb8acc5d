import { type CarriedOut, type Work } from "./carryOut";
import { leftoversOf, type Seen } from "./leftovers";
import { awakeReplicas, isAsleep, memoryFault } from "./memory";
import { keyOf, type Workload } from "./workload";

/** What became of something that has pods, or may have some. */
export interface WorkloadOutcome {
  readonly kind: string;
  readonly name: string;
  readonly outcome: "slept" | "asleep" | "woken" | "awake" | "left" | "failed";
  /** Of a Deployment or a StatefulSet: what it has while it is awake. */
  readonly replicas?: number;
  /** Why it was left, or failed, or was not touched. */
  readonly reason?: string;
}

/** What a sleep came to: what was put to sleep, what slept already, what runs all the same, and why. */
export function sleepOutcomes({ works, workloads }: CarriedOut, seen: Seen): WorkloadOutcome[] {
  const touched = new Set(works.map(({ workload }) => keyOf(workload)));
  const sleptBefore = workloads.filter(
    (workload) => !touched.has(keyOf(workload)) && isAsleep(workload),
  );
  return [
    ...works.filter(isDone("sleep")).map(({ workload }) => outcomeOf(workload, "slept")),
    ...sleptBefore.map((workload) => outcomeOf(workload, "asleep")),
    ...leftoversOf(seen).map((left) => ({ ...left, outcome: "left" as const })),
    ...failures(works),
  ];
}

/** What a wake came to: what was woken, what ran already, and what cannot be woken, and why. */
export function wakeOutcomes({ works, workloads }: CarriedOut): WorkloadOutcome[] {
  const ran = works.filter((work) => isDone("forget")(work) && !work.done.includes("wake"));
  return [
    ...works.filter(isDone("wake")).map(({ workload }) => outcomeOf(workload, "woken")),
    ...ran.map(({ workload }) => ({
      ...outcomeOf(workload, "awake"),
      reason: "it runs already, and stays as it is",
    })),
    ...failures(works),
    ...workloads.flatMap((workload) => {
      const reason = memoryFault(workload);
      return reason === undefined ? [] : [failure(workload, reason)];
    }),
  ];
}

/** Whether something is not as it was to be. */
export function hasFailed(outcomes: readonly WorkloadOutcome[]): boolean {
  return outcomes.some(({ outcome }) => outcome === "failed");
}

function isDone(step: Work["done"][number]): (work: Work) => boolean {
  return ({ done, fault }) => fault === undefined && done.includes(step);
}

function failures(works: readonly Work[]): WorkloadOutcome[] {
  return works.flatMap(({ workload, fault }) =>
    fault === undefined ? [] : [failure(workload, fault)],
  );
}

function failure({ kind, metadata }: Workload, reason: string): WorkloadOutcome {
  return { kind, name: metadata?.name ?? "", outcome: "failed", reason };
}

function outcomeOf(workload: Workload, outcome: WorkloadOutcome["outcome"]): WorkloadOutcome {
  const { kind, metadata } = workload;
  const replicas = awakeReplicas(workload);
  return {
    kind,
    name: metadata?.name ?? "",
    outcome,
    ...(replicas === undefined ? {} : { replicas }),
  };
}
