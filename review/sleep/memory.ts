import { type FoundWorkload, isSuspended, replicasOf, type Workload } from "./workload";

/**
 * How a workload is put to sleep, and what it says of itself meanwhile: an annotation has what was. It is
 * written in one request with the sleep, so no interruption parts the two.
 */
interface Rest {
  readonly annotation: string;
  /** What is remembered of a workload that runs. */
  readonly memory: (workload: FoundWorkload) => string;
  readonly isAtRest: (workload: FoundWorkload) => boolean;
  /** The fields of `spec` of one at rest. */
  readonly rest: object;
  /** The fields of `spec` as they were; `undefined` where the text is nothing that is remembered. */
  readonly restored: (memory: string) => object | undefined;
  /** What is remembered, in words. */
  readonly allowed: string;
}

const scaledToZero: Rest = {
  annotation: "secure-environment/replicas-before-sleep",
  memory: (workload) => String(replicasOf(workload)),
  isAtRest: (workload) => replicasOf(workload) === 0,
  rest: { replicas: 0 },
  restored: (memory) => (isReplicas(memory) ? { replicas: Number(memory) } : undefined),
  allowed: "a number of replicas, such as 3",
};

const suspended: Rest = {
  annotation: "secure-environment/suspended-before-sleep",
  memory: () => "false",
  isAtRest: isSuspended,
  rest: { suspend: true },
  restored: (memory) => (memory === "false" ? { suspend: false } : undefined),
  allowed: "false",
};

/** How workloads of the kind rest. */
export function restOf({ kind }: Pick<Workload, "kind">): Rest {
  return kind === "Deployment" || kind === "StatefulSet" ? scaledToZero : suspended;
}

/** What the workload remembers of the time before it was put to sleep; `undefined` of one that was not. */
export function memoryOf(workload: Workload): string | undefined {
  return workload.metadata?.annotations?.[restOf(workload).annotation];
}

/** Whether the workload was put to sleep, and nobody has set it to run since. */
export function isAsleep(workload: Workload): boolean {
  return memoryOf(workload) !== undefined && restOf(workload).isAtRest(workload);
}

/** How many pods a Deployment or a StatefulSet has while it is awake; `undefined` of other kinds. */
export function awakeReplicas(workload: Workload): number | undefined {
  if (restOf(workload) !== scaledToZero) {
    return undefined;
  }
  const memory = memoryOf(workload);
  return isAsleep(workload) && memory !== undefined && isReplicas(memory)
    ? Number(memory)
    : replicasOf(workload);
}

/** Why a sleeping workload cannot be woken by what it remembers; `undefined` when it can. */
export function memoryFault(workload: Workload): string | undefined {
  const { annotation, restored, allowed } = restOf(workload);
  const memory = memoryOf(workload);
  if (memory === undefined || !isAsleep(workload) || restored(memory) !== undefined) {
    return undefined;
  }
  return `its annotation ${annotation} is ${JSON.stringify(memory)}, and not ${allowed}: correct it, or remove it and set the workload by hand`;
}

/** Replicas are whole numbers of 32 bits, with a sign. */
function isReplicas(text: string): boolean {
  return /^[1-9]\d{0,9}$/.test(text) && Number(text) <= 2_147_483_647;
}
