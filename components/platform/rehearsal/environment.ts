import { rehearsalStack } from "../../core/names";
import { type KubernetesObject, plainObjects } from "../../core/plan";
import { resolveCapacity } from "../../environment/capacity/capacityProblems";
import { computeMinimum } from "../../environment/capacity/limitRange";
import { planEnvironment } from "../../environment/plan";
import { resolveEnvironment } from "../../environment/resolvedEnvironment";
import { type PlatformSettings } from "../platformSettings";
import { rehearsalNamespace } from "./namespace";

/**
 * The objects of the project's environment for rehearsals, as its pipeline would make them: one that
 * takes whatever the ceilings leave it. A container that asks for nothing gets the least that there
 * is, so that it fits below any ceilings.
 */
export function rehearsedEnvironment(
  project: string,
  { ceilings, developers, dns, nodePools }: PlatformSettings,
): KubernetesObject[] {
  const [pool] = nodePools;
  const containerDefaults = { requests: computeMinimum, limits: computeMinimum };
  const environment = resolveEnvironment(
    {
      project,
      platform: true,
      access: developers.groups.slice(0, 1).map((group) => ({ group })),
      dns,
      ...(pool === undefined ? {} : { nodePool: { name: pool, enforcement: "platform" } }),
    },
    { holes: [], capacity: resolveCapacity({ quota: ceilings, containerDefaults }) },
    { pulumiProject: project, stack: rehearsalStack },
  );
  const { objects } = planEnvironment("rehearsal", environment);
  const created = objects.filter(({ action }) => action === "create");
  return plainObjects(created, { namespaceName: rehearsalNamespace(project) });
}
