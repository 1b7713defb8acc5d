/** The kinds that are put to sleep, in this order: a CronJob that is suspended starts no further Job. */
export const sleepingKinds = ["CronJob", "Job", "Deployment", "StatefulSet"] as const;

/** See `sleepingKinds`. */
export type SleepingKind = (typeof sleepingKinds)[number];

/** Who made an object, and whether it decides what the object is. */
export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** What objects say of themselves. */
export interface FoundMetadata {
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly deletionTimestamp?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

/** Who set which fields of an object, as the API server keeps it. */
export interface ManagedFields {
  readonly manager?: string;
}

/** A workload as the API server lists it. */
export interface FoundWorkload {
  readonly metadata?: FoundMetadata;
  readonly spec?: {
    /** Of a Deployment, a StatefulSet and a ReplicaSet. Default 1. */
    readonly replicas?: number;
    /** Of a CronJob and a Job. Default `false`. */
    readonly suspend?: boolean;
  };
  readonly status?: {
    /** Of a Job: how it ended. */
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** A workload of a kind that is put to sleep. Lists name their kind once, and not at each object. */
export interface Workload extends FoundWorkload {
  readonly kind: SleepingKind;
}

/** By what a workload is told from the others of its namespace. */
export function keyOf({ kind, metadata }: Workload): string {
  return `${kind} ${metadata?.name ?? ""}`;
}

/** Whoever decides what the object is, if that is not whoever wrote it. */
export function controllerOf({
  metadata,
}: {
  readonly metadata?: FoundMetadata;
}): OwnerReference | undefined {
  return metadata?.ownerReferences?.find(({ controller }) => controller === true);
}

/**
 * Whoever would undo what is done to the workload. A CronJob starts its Jobs, and leaves them to themselves
 * from then on.
 */
export function foreignController(workload: Workload): OwnerReference | undefined {
  const controller = controllerOf(workload);
  return workload.kind === "Job" && controller?.kind === "CronJob" ? undefined : controller;
}

/** Whether the workload has pods, or would start some. */
export function isRunning(workload: Workload): boolean {
  switch (workload.kind) {
    case "Deployment":
    case "StatefulSet":
      return replicasOf(workload) > 0;
    case "CronJob":
      return !isSuspended(workload);
    case "Job":
      return !isSuspended(workload) && !hasEnded(workload);
  }
}

/** How many pods a workload is to have. */
export function replicasOf({ spec = {} }: FoundWorkload): number {
  return spec.replicas ?? 1;
}

/** Whether a CronJob or a Job starts no pods. */
export function isSuspended({ spec = {} }: FoundWorkload): boolean {
  return spec.suspend === true;
}

function hasEnded({ status = {} }: FoundWorkload): boolean {
  return (status.conditions ?? []).some(
    ({ type, status }) => ["Complete", "Failed"].includes(type) && status === "True",
  );
}
