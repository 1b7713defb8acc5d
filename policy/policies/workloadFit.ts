import { amountIn, type Bounds, exceeds } from "secure-environment-isolation";
import { isMissing, one, problem, problemUnless, type Quantity } from "secure-environment/core";
import { type Field, fieldAt, fieldBelow } from "../fields";
import { type JudgedStack } from "../judgedStack";
import { isOfKind } from "../kinds";
import { type KubernetesObject } from "../kubernetesObject";
import { boundsIn, podBoundsOf, sidecarIn } from "../namespaceBounds";
import { type StackPolicy, type StackViolation, type Violation, violationsBy } from "../policy";
import { misfits, type PodBounds, quotaDemand } from "../podFit";
import { claimsOf, type PodTemplate, podTemplateOf } from "../podTemplates";
import { itemsOf, rangeFaults, shown } from "../rangeFit";
import { rememberedOf } from "../remembered";

/** What the walls of a namespace do not admit never comes, and nobody is told but by events. */
export const workloadsFitTheirEnvironment: StackPolicy<object> = {
  name: "workloads-fit-their-environment",
  description:
    "Every pod and every volume claim fits into the limit range and the quota of its namespace, and so do all pods together that workloads ask for.",
  threat:
    "A workload stands of which no pod ever comes, and the update waits for it until it gives up.",
  remediation: "Have the pods ask for less, or the namespace for a larger size or quota.",
  severity: "medium",
  url: "https://kubernetes.io/docs/concepts/policy/limit-range/#resource-limits-and-requests",
  example: {
    bad: 'containers: [{ name: "app", image: "app:1", resources: { requests: { memory: "1Gi" } } }] // its limit is the default, 512Mi',
    good: 'containers: [{ name: "app", image: "app:1", resources: { requests: { memory: "1Gi" }, limits: { memory: "1Gi" } } }]',
  },
  settings: {},
  judgeStack: (stack) => {
    const workloads = boundedWorkloads(stack);
    return [...workloads.flatMap(workloadViolations), ...sumViolations(workloads)];
  },
};

/** An object that pods or volume claims are made from, and what bounds these. */
interface BoundedWorkload {
  readonly object: KubernetesObject;
  readonly template: PodTemplate | undefined;
  readonly bounds: PodBounds;
  /** What bounds it, as objects: workloads with the same share it. */
  readonly walls: readonly KubernetesObject[];
  /** What all its pods count in a quota that run at the same time. */
  readonly demand: Bounds;
}

function boundedWorkloads(stack: JudgedStack): BoundedWorkload[] {
  const boundsOf = boundsIn(stack);
  const knownBoundsOf = rememberedOf(podBoundsOf);
  return stack.objects.flatMap((object) => {
    const walls = object.isPatch ? [] : boundsOf(object);
    const known = walls.length === 0 ? undefined : knownBoundsOf(walls);
    return known === undefined
      ? []
      : [boundedWorkload(object, walls, known, stack.namespaceOf(object)?.object)];
  });
}

function boundedWorkload(
  object: KubernetesObject,
  walls: readonly KubernetesObject[],
  known: PodBounds,
  namespace: KubernetesObject | undefined,
): BoundedWorkload {
  const template = podTemplateOf(object);
  const bounds = { ...known, sidecar: sidecarIn(namespace, template?.metadata.value) };
  const demand = template === undefined ? new Map() : demandOf(object, template, bounds);
  return { object, template, bounds, walls, demand };
}

function workloadViolations({ object, template, bounds }: BoundedWorkload): StackViolation[] {
  const ofPods = template === undefined ? [] : misfits(template, bounds);
  const ofClaims = claimsOf(object).flatMap((claim) => claimMisfits(claim, bounds));
  return [...ofPods, ...ofClaims].map((violation) => ({ resource: object.resource, ...violation }));
}

/** See https://kubernetes.io/docs/concepts/policy/limit-range/#limits-on-storage-size */
function claimMisfits(claim: Field, { ranges, quota }: PodBounds): Violation[] {
  const requests = fieldAt(claim, "spec.resources.requests");
  const { property } = fieldBelow(requests, "storage");
  const request = amountIn(requests.value, "storage");
  const items = itemsOf(ranges, "PersistentVolumeClaim");
  const faults = rangeFaults({ request, limit: undefined }, "a volume claim", items, "storage");
  const most = quota.get("requests.storage");
  if (faults.length > 0 || !exceeds(request, most)) {
    return faults.map(({ isMore, than, remedy }) =>
      problem(property, `is ${isMore ? "more" : "less"} ${than}`, isMore ? remedy : "Raise it."),
    );
  }
  const fault = `is more than the quota of its namespace has for all claims, which is ${shown(most, "storage")}`;
  const remedy = "Ask for less, or raise the quota.";
  return [problem(property, fault, remedy)];
}

/**
 * What the pods of each workload take that are to run at the same time, with those of the workloads
 * before it. Pods that come to an end leave room for others, so jobs are not counted.
 */
function sumViolations(workloads: readonly BoundedWorkload[]): StackViolation[] {
  const taken = new Map<BoundedWorkload["walls"], Bounds>();
  return workloads.flatMap((workload) => {
    const { walls, demand } = workload;
    const sharing = [...taken].filter(([others]) => others.some((wall) => walls.includes(wall)));
    const earlier = sumOf(sharing.map(([, amounts]) => amounts));
    taken.set(walls, sumOf([taken.get(walls) ?? new Map(), demand]));
    return sumViolation(workload, earlier);
  });
}

function sumOf(all: readonly Bounds[]): Bounds {
  const sum = new Map<string, Quantity>();
  for (const [key, amount] of all.flatMap((amounts) => [...amounts])) {
    sum.set(key, (sum.get(key) ?? 0n) + amount);
  }
  return sum;
}

function sumViolation(workload: BoundedWorkload, earlier: Bounds): StackViolation[] {
  const { object, bounds, demand } = workload;
  const short = [...demand]
    .filter(([key, amount]) => {
      const most = bounds.quota.get(key);
      const before = earlier.get(key) ?? 0n;
      return !exceeds(before, most) && exceeds(before + amount, most);
    })
    .map(([key]) => key);
  const fault = `asks for pods that take, with those of the workloads before it, more than the quota of their namespace has of ${short.join(", ")}`;
  const remedy = "Ask for fewer pods or for less in each, or raise the quota.";
  return violationsBy(
    object.resource,
    problemUnless(short.length === 0 || workloadViolations(workload).length > 0, "", fault, remedy),
  );
}

/** What the pods of a workload count in a quota; what is not known counts nothing. */
function demandOf(object: KubernetesObject, template: PodTemplate, bounds: PodBounds): Bounds {
  const pods = runningPods(object);
  const compute = quotaDemand(template, bounds).flatMap(([key, amount]) =>
    typeof amount === "bigint" ? [[key, amount * pods] as const] : [],
  );
  return new Map([["pods", one * pods], ...compute]);
}

const replicated: Readonly<Record<string, readonly string[]>> = {
  "": ["ReplicationController"],
  apps: ["Deployment", "ReplicaSet", "StatefulSet"],
};

/** How many pods of a workload run at the same time, if they are to run on and on. */
function runningPods(object: KubernetesObject): bigint {
  const root: Field = { property: "", value: object.properties };
  if (isOfKind(object, { "": ["Pod"] })) {
    const { value } = fieldAt(root, "spec.restartPolicy");
    return isMissing(value) || value === "Always" ? 1n : 0n;
  }
  const isReplicated = isOfKind(object, replicated);
  const { value } = fieldAt(root, "spec.replicas");
  const replicas = isMissing(value) ? 1 : value;
  const count = Number.isInteger(replicas) ? Number(replicas) : 0;
  return isReplicated && count > 0 ? BigInt(count) : 0n;
}
