import { isSubdomain, maximumLabelLength } from "../../core/dnsNames";
import {
  amountProblems,
  type Amounts,
  computeResources,
  type ComputeResource,
  excessProblems,
  isLess,
  type NamedAmount,
} from "../../core/amounts";
import { type EnvironmentSize } from "./capacityArgs";
import { defaultContainerDefaults } from "../../core/containerDefaults";
import { computeMinimum, type Limits, volumeMinimum } from "./limitRange";
import { problem, problemIf, problemUnless, type Problem, suggestKey } from "../../core/problems";
import { quotaEntry, quotaProblems } from "./resourceQuota";
import { podRoomProblems } from "./podRoom";
import { type MeshName } from "../../core/meshes";
import { kindQuota, sizeQuota } from "../../core/sizes";
import { type ObjectKind } from "../../core/rules";

/** The arguments that say how much an environment may take. */
export interface CapacityArguments {
  readonly size?: EnvironmentSize;
  readonly deployerKinds?: readonly ObjectKind[];
  readonly quota?: Amounts;
  readonly containerDefaults?: { readonly requests?: Amounts; readonly limits?: Amounts };
  readonly podMaximum?: Amounts;
  readonly volumeMaximum?: string;
  readonly priorityClass?: string;
  /** The mesh of which the environment is part: its proxies take their share. */
  readonly mesh?: MeshName;
}

/** How much an environment may take, every default filled in. */
export interface Capacity extends Limits {
  readonly quota: Amounts;
}

/** What results from the arguments: what is given replaces single entries of the size's. */
export function resolveCapacity(args: CapacityArguments): Capacity {
  const quota = {
    ...kindQuota(args.deployerKinds, args.size),
    ...sizeQuota(args.size, args.mesh),
    ...args.quota,
  };
  return {
    quota,
    containerDefaults: {
      requests: { ...defaultContainerDefaults.requests, ...args.containerDefaults?.requests },
      limits: { ...defaultContainerDefaults.limits, ...args.containerDefaults?.limits },
    },
    podMaximum: { ...quotaLimits(quota), ...args.podMaximum },
    volumeMaximum: args.volumeMaximum ?? quota["requests.storage"] ?? "0",
  };
}

function quotaLimits(quota: Amounts): Amounts {
  return Object.fromEntries(
    computeResources.map((resource) => [resource, quota[`limits.${resource}`] ?? "0"]),
  );
}

/**
 * Everything wrong with the arguments, and between them.
 *
 * @param capacity what results from them.
 */
export function capacityProblems(args: CapacityArguments, capacity: Capacity): Problem[] {
  return [
    ...quotaProblems(args.quota ?? {}, capacity.quota),
    ...resourceProblems("containerDefaults.requests", args.containerDefaults?.requests),
    ...resourceProblems("containerDefaults.limits", args.containerDefaults?.limits),
    ...resourceProblems("podMaximum", args.podMaximum),
    ...computeResources.flatMap((resource) => podMaximumProblems(resource, args, capacity)),
    ...computeResources.flatMap((resource) => defaultsProblems(resource, args, capacity)),
    ...podRoomProblems(capacity, args.mesh),
    ...volumeProblems(args.volumeMaximum, capacity.quota),
    ...priorityClassProblems(args.priorityClass),
  ];
}

function resourceProblems(property: string, amounts: Amounts = {}): Problem[] {
  return Object.entries(amounts).flatMap(([resource, value]) => {
    const entry = `${property}["${resource}"]`;
    const isKnown = computeResources.some((known) => known === resource);
    return isKnown
      ? amountProblems(entry, value)
      : [problem(entry, "is not a resource of containers", suggestKey(resource, computeResources))];
  });
}

function podMaximumProblems(
  resource: ComputeResource,
  args: CapacityArguments,
  { quota }: Capacity,
): Problem[] {
  return excessProblems(
    podMaximumEntry(resource, args),
    quotaEntry(quota, `limits.${resource}`),
    "Lower the first or raise the second: a pod can have no more than all pods together.",
  );
}

/** A container that asks for nothing must be admitted: its defaults must fit where they go. */
function defaultsProblems(
  resource: ComputeResource,
  args: CapacityArguments,
  { quota, containerDefaults }: Capacity,
): Problem[] {
  const remedy = "Lower the first or raise the second: a container that asks for nothing must fit.";
  const request = {
    property: `containerDefaults.requests["${resource}"]`,
    value: containerDefaults.requests[resource],
  };
  const limit = {
    property: `containerDefaults.limits["${resource}"]`,
    value: containerDefaults.limits[resource],
  };
  const limitTooLow = lackProblems(limit, computeMinimum[resource]);
  const ceiling = lower(podMaximumEntry(resource, args), quotaEntry(quota, `limits.${resource}`));
  return [
    ...lackProblems(request, computeMinimum[resource]),
    ...(limitTooLow.length > 0 ? limitTooLow : excessProblems(request, limit, remedy)),
    ...excessProblems(request, quotaEntry(quota, `requests.${resource}`), remedy),
    ...excessProblems(limit, ceiling, remedy),
  ];
}

function podMaximumEntry(resource: ComputeResource, { podMaximum }: CapacityArguments) {
  return { property: `podMaximum["${resource}"]`, value: podMaximum?.[resource] };
}

/** The lower ceiling is the one that counts; the second one when the first was not asked for. */
function lower(first: NamedAmount, second: NamedAmount): NamedAmount {
  return first.value === undefined || isLess(second.value, first.value) ? second : first;
}

function lackProblems(entry: NamedAmount, minimum: string | undefined): Problem[] {
  const isWrong = isLess("-1", entry.value) && isLess(entry.value, minimum);
  const fault = `is less than ${minimum}, and nodes take 0 for no limit at all`;
  const remedy = `Write at least ${minimum}.`;
  return problemIf(isWrong, entry.property, fault, remedy, entry.value);
}

function volumeProblems(volumeMaximum: string | undefined, quota: Amounts): Problem[] {
  if (volumeMaximum === undefined) {
    return [];
  }
  const entry = { property: "volumeMaximum", value: volumeMaximum };
  const problems = amountProblems(entry.property, volumeMaximum);
  if (problems.length === 0 && isLess(volumeMaximum, volumeMinimum)) {
    const remedy = `Write at least ${volumeMinimum}, or set quota["persistentvolumeclaims"] to 0 for no volumes.`;
    return [problem(entry.property, `is less than ${volumeMinimum}`, remedy, volumeMaximum)];
  }
  const remedy =
    "Lower the first or raise the second: a volume can have no more than all together.";
  return [...problems, ...excessProblems(entry, quotaEntry(quota, "requests.storage"), remedy)];
}

/** A quota selects a class as the value of a label, which is shorter than a name may be. */
function priorityClassProblems(priorityClass: string | undefined): Problem[] {
  if (priorityClass === undefined) {
    return [];
  }
  if (priorityClass.startsWith("system-")) {
    const fault = "belongs to the cluster's own pods, for which all others are evicted";
    const remedy = "Name a low PriorityClass of the platform, such as review-low.";
    return [problem("priorityClass", fault, remedy, priorityClass)];
  }
  const isValid = priorityClass.length <= maximumLabelLength && isSubdomain(priorityClass);
  const fault = "cannot be the name of a PriorityClass that a quota selects";
  const remedy = "Use at most 63 of a-z, 0-9, - and ., such as review-low.";
  return problemUnless(isValid, "priorityClass", fault, remedy, priorityClass);
}
