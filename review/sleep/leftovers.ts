import {
  controllerOf,
  foreignController,
  type FoundMetadata,
  type FoundWorkload,
  isRunning,
  type OwnerReference,
  replicasOf,
  type Workload,
} from "./workload";

/** A Pod, in the parts that say whether it runs. */
export interface FoundPod {
  readonly metadata?: FoundMetadata;
  readonly status?: { readonly phase?: string };
}

/** A HorizontalPodAutoscaler, in the parts that are looked at. */
export interface FoundAutoscaler {
  readonly metadata?: FoundMetadata;
  readonly spec?: { readonly minReplicas?: number };
}

/** What a namespace has that may have pods. */
export interface Seen {
  readonly workloads: readonly Workload[];
  readonly replicaSets: readonly FoundWorkload[];
  readonly pods: readonly FoundPod[];
  readonly autoscalers: readonly FoundAutoscaler[];
}

/** What is not put to sleep, and why. */
export interface Leftover {
  readonly kind: string;
  readonly name: string;
  readonly reason: string;
}

/** Whose pods are told by their owner, and not one by one. */
const ownersOfPods: readonly string[] = ["ReplicaSet", "StatefulSet", "Job"];

/** Everything that runs, or may, in an environment that was put to sleep. */
export function leftoversOf(seen: Seen): Leftover[] {
  return [
    ...heldWorkloads(seen).map((workload) =>
      leftover(workload.kind, workload, decidedBy(foreignController(workload))),
    ),
    ...heldReplicaSets(seen).map((replicaSet) =>
      leftover(
        "ReplicaSet",
        replicaSet,
        decidedBy(controllerOf(replicaSet)) ??
          "the deployer may not scale a ReplicaSet without a Deployment",
      ),
    ),
    ...seen.pods
      .filter((pod) => isAlive(pod) && !isGoing(pod) && !hasKnownOwner(pod))
      .map((pod) =>
        leftover(
          "Pod",
          pod,
          decidedBy(controllerOf(pod)) ?? "nothing would make it again, as it has no owner",
        ),
      ),
    ...seen.autoscalers
      .filter(({ spec }) => spec?.minReplicas === 0)
      .map((autoscaler) =>
        leftover(
          "HorizontalPodAutoscaler",
          autoscaler,
          "with minReplicas: 0 it may scale its target up by itself",
        ),
      ),
  ];
}

/** The pods that go by themselves once all that can sleep was put to sleep, and are not gone yet. */
export function podsThatGo(seen: Seen): string[] {
  const staying = new Set(
    [...heldWorkloads(seen), ...heldReplicaSets(seen)].flatMap(
      ({ metadata }) => metadata?.uid ?? [],
    ),
  );
  const stays = (object: { readonly metadata?: FoundMetadata }) =>
    staying.has(controllerOf(object)?.uid ?? "");
  seen.replicaSets.filter(stays).forEach(({ metadata }) => staying.add(metadata?.uid ?? ""));
  return seen.pods
    .filter((pod) => isAlive(pod) && hasKnownOwner(pod) && !stays(pod))
    .map(({ metadata }) => metadata?.name ?? "");
}

function heldWorkloads({ workloads }: Seen): Workload[] {
  return workloads.filter(
    (workload) => isRunning(workload) && foreignController(workload) !== undefined,
  );
}

/** Those of a Deployment go with it. */
function heldReplicaSets({ replicaSets }: Seen): FoundWorkload[] {
  return replicaSets.filter(
    (replicaSet) => replicasOf(replicaSet) > 0 && controllerOf(replicaSet)?.kind !== "Deployment",
  );
}

function hasKnownOwner(pod: FoundPod): boolean {
  return ownersOfPods.includes(controllerOf(pod)?.kind ?? "");
}

/** One that has ended takes nothing of the nodes, nor of the quota's pods. */
function isAlive({ status }: FoundPod): boolean {
  return !["Succeeded", "Failed"].includes(status?.phase ?? "");
}

function isGoing({ metadata }: FoundPod): boolean {
  return metadata?.deletionTimestamp !== undefined;
}

function decidedBy(owner: OwnerReference | undefined): string | undefined {
  return owner && `its owner decides, the ${owner.kind} ${owner.name}`;
}

function leftover(
  kind: string,
  { metadata }: { readonly metadata?: FoundMetadata },
  reason = "",
): Leftover {
  return { kind, name: metadata?.name ?? "", reason };
}
