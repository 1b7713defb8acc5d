import { type Amounts, computeResources } from "./amounts";
import { defaultContainerDefaults } from "./containerDefaults";
import { formatAmount, one, parseQuantity } from "./quantity";
import { type MeshName, sidecarOf } from "./meshes";
import { countKey, type ObjectKind } from "./rules/deployerKinds";

const sizes = ["small", "medium", "large"] as const;

/** A size by its name. */
export type Size = (typeof sizes)[number];

/**
 * What each size bounds: small, medium, large. Sizes are for 10, 20 and 40 pods, and `pods` is a
 * fifth more, so that a rollout has room beside them. As many pods fit that ask for nothing, with
 * one container each: each amount of compute is at least `pods` times the container defaults.
 * `pods` counts only pods that have not finished, so `count/pods` bounds those that are stored as
 * well. Revisions are bounded because each StatefulSet says itself how many are kept.
 * See https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
const scaled: Readonly<Record<string, readonly [string, string, string]>> = {
  "requests.cpu": ["1200m", "2400m", "4800m"],
  "requests.memory": ["2Gi", "4Gi", "8Gi"],
  "requests.ephemeral-storage": ["4Gi", "8Gi", "16Gi"],
  "limits.cpu": ["6", "12", "24"],
  "limits.memory": ["6Gi", "12Gi", "24Gi"],
  "limits.ephemeral-storage": ["12Gi", "24Gi", "48Gi"],
  "requests.storage": ["10Gi", "20Gi", "40Gi"],
  persistentvolumeclaims: ["3", "5", "10"],
  pods: ["12", "24", "48"],
  services: ["5", "10", "20"],
  configmaps: ["25", "50", "100"],
  secrets: ["25", "50", "100"],
  "count/pods": ["20", "40", "80"],
  "count/deployments.apps": ["10", "20", "40"],
  "count/replicasets.apps": ["50", "100", "200"],
  "count/statefulsets.apps": ["5", "10", "20"],
  "count/controllerrevisions.apps": ["100", "200", "400"],
  "count/jobs.batch": ["10", "20", "40"],
  "count/cronjobs.batch": ["5", "10", "20"],
  "count/horizontalpodautoscalers.autoscaling": ["5", "10", "20"],
  "count/ingresses.networking.k8s.io": ["5", "10", "20"],
  "count/serviceaccounts": ["10", "20", "40"],
  "count/poddisruptionbudgets.policy": ["5", "10", "20"],
};

/**
 * What no environment has unless it asks: doors that no network policy of the namespace watches,
 * a pod on every node, and devices. A quota takes no wildcard, so vendors' devices are listed;
 * a device that is allocated dynamically needs a claim, also when a pod asks by an extended resource.
 * Huge pages are memory that `limits.memory` does not count.
 * See https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
const nothing: readonly string[] = [
  "services.loadbalancers",
  "services.nodeports",
  "count/daemonsets.apps",
  "count/resourceclaims.resource.k8s.io",
  "count/resourceclaimtemplates.resource.k8s.io",
  "requests.nvidia.com/gpu",
  "requests.nvidia.com/gpu.shared",
  "requests.amd.com/gpu",
  "requests.gpu.intel.com/i915",
  "requests.gpu.intel.com/xe",
  "requests.habana.ai/gaudi",
  "requests.aws.amazon.com/neuron",
  "requests.aws.amazon.com/neuroncore",
  "requests.google.com/tpu",
  "requests.hugepages-2Mi",
  "requests.hugepages-1Gi",
];

/**
 * The quota of a size, by Kubernetes' own keys. All sizes bound the same.
 *
 * @param mesh the mesh whose proxies have their share on top, one for each of `pods`.
 */
export function sizeQuota(size: Size = "medium", mesh?: MeshName): Amounts {
  const column = sizes.indexOf(size);
  const quota = Object.fromEntries([
    ...Object.entries(scaled).map(([key, amounts]) => [key, amounts[column]]),
    ...nothing.map((key) => [key, "0"]),
  ]) as Amounts;
  return withSidecars(quota, mesh);
}

/** The amounts, with what a mesh puts into as many pods as they say on top. */
export function withSidecars(amounts: Amounts, mesh: MeshName | undefined): Amounts {
  const sidecar = sidecarOf(mesh, defaultContainerDefaults);
  const pods = parseQuantity(amounts["pods"] ?? "") ?? 0n;
  if (sidecar === undefined) {
    return amounts;
  }
  const raised = computeResources.flatMap((resource) =>
    (["requests", "limits"] as const).flatMap((side) => {
      const key = `${side}.${resource}`;
      const amount = parseQuantity(amounts[key] ?? "");
      const share = parseQuantity(sidecar[side][resource] ?? "") ?? 0n;
      return amount === undefined
        ? []
        : [[key, formatAmount(amount + (share * pods) / one, resource)] as const];
    }),
  );
  return { ...amounts, ...Object.fromEntries(raised) };
}

/** How many objects of one further kind of the deployer's there may be: small, medium, large. */
const furtherObjects = ["25", "50", "100"] as const;

/** What the quota of a size has for further kinds that the deployer writes. */
export function kindQuota(kinds: readonly ObjectKind[] = [], size: Size = "medium"): Amounts {
  const amount = furtherObjects[sizes.indexOf(size)] ?? "0";
  return Object.fromEntries(kinds.map((kind) => [countKey(kind), amount]));
}
