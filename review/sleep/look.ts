import { countKey, type ObjectKind } from "secure-environment/core";
import { type KubernetesApi } from "secure-environment-kubernetes";
import { telling } from "../cluster/cluster";
import { listAll } from "../cluster/lists";
import { exitCodes, ReviewError } from "../exitCodes";
import { type FoundAutoscaler, type FoundPod, type Seen } from "./leftovers";
import { type FoundWorkload, type SleepingKind, sleepingKinds, type Workload } from "./workload";

const resources: Readonly<Record<SleepingKind, ObjectKind>> = {
  CronJob: { apiGroup: "batch", resource: "cronjobs" },
  Job: { apiGroup: "batch", resource: "jobs" },
  Deployment: { apiGroup: "apps", resource: "deployments" },
  StatefulSet: { apiGroup: "apps", resource: "statefulsets" },
};

/** What a quota calls the number of workloads that can be put to sleep, kind by kind. */
export const countedWorkloads: readonly string[] = sleepingKinds.map((kind) =>
  countKey(resources[kind]),
);

/** The path of the objects of a kind, or of one of them. */
export function workloadPath(namespace: string, kind: SleepingKind, name?: string): string {
  const { apiGroup, resource } = resources[kind];
  const path = `/apis/${apiGroup}/v1/namespaces/${namespace}/${resource}`;
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
}

/** The workloads of a namespace that can be put to sleep, in the order in which they are. */
export async function workloadsIn(api: KubernetesApi, namespace: string): Promise<Workload[]> {
  const lists = await Promise.all(
    sleepingKinds.map(async (kind) => {
      const found = await listed<FoundWorkload>(api, workloadPath(namespace, kind));
      return found.map((one) => ({ ...one, kind }));
    }),
  );
  return lists.flat();
}

/** The same, and what else has pods or makes some. */
export async function everythingIn(api: KubernetesApi, namespace: string): Promise<Seen> {
  const inside = (path: string) => path.replace("*", namespace);
  const [workloads, replicaSets, pods, autoscalers] = await Promise.all([
    workloadsIn(api, namespace),
    listed<FoundWorkload>(api, inside("/apis/apps/v1/namespaces/*/replicasets")),
    listed<FoundPod>(api, inside("/api/v1/namespaces/*/pods")),
    listed<FoundAutoscaler>(
      api,
      inside("/apis/autoscaling/v2/namespaces/*/horizontalpodautoscalers"),
    ),
  ]);
  return { workloads, replicaSets, pods, autoscalers };
}

async function listed<Item>(api: KubernetesApi, path: string): Promise<readonly Item[]> {
  const items = await telling(path, () => listAll<Item>(api, path, {}));
  if (items === undefined) {
    const message = `The environment's deployer may not list ${path}. Its rights are not whole; \`review up\` makes what is missing.`;
    throw new ReviewError(message, exitCodes.credentials);
  }
  return items;
}
