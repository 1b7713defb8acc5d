import { type Amounts, type NamedAmount } from "../../core/amounts";
import { formatAmount, one, parseQuantity } from "../../core/quantity";
import { problem, type Problem } from "../../core/problems";
import { plainPodDemand, type ShortEntry, shortEntries } from "../../core/podFit";
import { defaultContainerDefaults } from "../../core/containerDefaults";
import { type MeshName, sidecarOf } from "../../core/meshes";
import { type Capacity } from "./capacityProblems";
import { quotaEntry } from "./resourceQuota";

/**
 * What is wrong with a capacity in which no pod can run, not even one with a single container that
 * asks for nothing. What its container alone does not fit into is said of the container defaults; no
 * pods at all are an environment that sleeps.
 */
export function podRoomProblems(capacity: Capacity, mesh: MeshName | undefined): Problem[] {
  const { quota, podMaximum } = capacity;
  const inQuota = shortOfProxy(quota, capacity, mesh);
  const inPod = shortOfProxy(asLimits(podMaximum), capacity, mesh).filter(
    ({ key }) => !inQuota.some((other) => other.key === key),
  );
  return [
    ...inQuota.map((short) => podProblem(quotaEntry(quota, short.key), short, mesh)),
    ...inPod.map((short) => {
      const resource = resourceOf(short.key);
      const entry = { property: `podMaximum["${resource}"]`, value: podMaximum[resource] };
      return podProblem(entry, short, mesh);
    }),
  ];
}

/** The bounds into which one container fits that asks for nothing, and not a proxy beside it. */
function shortOfProxy(
  bounds: Amounts,
  { containerDefaults }: Capacity,
  mesh: MeshName | undefined,
): ShortEntry[] {
  const alone = shortEntries(bounds, plainPodDemand(containerDefaults, undefined), 1n);
  return shortEntries(bounds, plainPodDemand(containerDefaults, mesh), 1n).filter(
    ({ key }) => !alone.some((other) => other.key === key),
  );
}

function asLimits(podMaximum: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(podMaximum).map(([resource, amount]) => [`limits.${resource}`, amount]),
  );
}

/** What is allowed and yet worth a sentence: fewer pods fit that ask for nothing than may run. */
export function podRoomReports(capacity: Capacity, mesh: MeshName | undefined): string[] {
  const { quota } = capacity;
  const pods = (parseQuantity(quota["pods"] ?? "") ?? 0n) / one;
  const short = shortEntries(quota, plainPodDemand(capacity.containerDefaults, mesh), pods);
  if (short.length === 0) {
    return [];
  }
  const fewest = short.reduce((least, entry) => (entry.pods < least ? entry.pods : least), pods);
  const fit = fewest === 1n ? "1 fits" : `${fewest} fit`;
  return [
    `Of pods that ask for nothing${withProxy(mesh)} only ${fit}, and quota["pods"] is ${pods}. ` +
      `For all of them: ${short.map((entry) => wanted(entry, pods)).join(", ")}; or lower containerDefaults, or quota["pods"].`,
  ];
}

function wanted({ key, demand }: ShortEntry, pods: bigint): string {
  return `quota["${key}"] ${formatAmount(demand * pods, resourceOf(key))}`;
}

function podProblem(
  { property, value }: NamedAmount,
  { key, demand }: ShortEntry,
  mesh: MeshName | undefined,
): Problem {
  const needed = formatAmount(demand, resourceOf(key));
  const fault = `is less than a pod that asks for nothing has${withProxy(mesh)}, which is ${needed}`;
  const remedy = `Write at least ${needed}, or lower containerDefaults.`;
  return problem(property, fault, remedy, value);
}

function withProxy(mesh: MeshName | undefined): string {
  return sidecarOf(mesh, defaultContainerDefaults) === undefined
    ? ""
    : ` with the proxy of ${mesh}`;
}

/** The resource of which a key of a quota bounds the requests or the limits. */
function resourceOf(key: string): string {
  return key.slice(key.indexOf(".") + 1);
}
