import { type Amounts, computeResources } from "./amounts";
import { type ContainerResources } from "./containerDefaults";
import { type MeshName, sidecarOf } from "./meshes";
import { type Quantity, parseQuantity } from "./quantity";

/** What one pod counts in a quota, by the quota's keys, such as `limits.cpu`. */
export type PodDemand = ReadonlyMap<string, Quantity>;

/** What counts in a quota of a pod with one container that asks for nothing. */
export function plainPodDemand(
  defaults: ContainerResources,
  mesh: MeshName | undefined,
): PodDemand {
  const sidecar = sidecarOf(mesh, defaults);
  const containers = sidecar === undefined ? [defaults] : [defaults, sidecar];
  return new Map(
    demandKeys.map(({ key, side, resource }) => [
      key,
      sum(containers.map((container) => parseQuantity(container[side][resource] ?? "") ?? 0n)),
    ]),
  );
}

/** An entry of a quota that admits fewer pods than there are to be. */
export interface ShortEntry {
  readonly key: string;
  /** How many of the pods the entry admits. */
  readonly pods: bigint;
  /** What one pod counts there. */
  readonly demand: Quantity;
}

/** The entries that admit fewer than so many pods with this demand; what is no amount bounds none. */
export function shortEntries(quota: Amounts, demand: PodDemand, pods: bigint): ShortEntry[] {
  return [...demand].flatMap(([key, amount]) => {
    const hard = parseQuantity(quota[key] ?? "");
    const admitted = hard === undefined || amount <= 0n ? pods : hard / amount;
    return admitted < pods ? [{ key, pods: admitted, demand: amount }] : [];
  });
}

const demandKeys = (["requests", "limits"] as const).flatMap((side) =>
  computeResources.map((resource) => ({ key: `${side}.${resource}`, side, resource })),
);

function sum(amounts: readonly Quantity[]): Quantity {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
