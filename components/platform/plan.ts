import { type PlannedObject, planned, nameOf, valueOf } from "../core/plan";
import { leaseRoleName, platformRoleNames } from "../core/platformNames";
import { isPolicyBinding, policyObjects } from "./admission/policyObjects";
import { shareObjects } from "./flowControlObjects";
import { platformNamespaceObjects, projectNamespaceObjects } from "./namespaces";
import { type PlatformSettings } from "./platformSettings";
import {
  clusterRoleBinding,
  clusterRoleObjects,
  pipelineRoleObject,
  verifierBindingObject,
} from "./rbac/clusterRoleObjects";
import { pipelineLeaseObjects } from "./rbac/pipelineLeases";
import { pipelineBindings } from "./rbac/pipelineBindings";

/**
 * Every object of a platform, in the order in which they are made: nothing gives a right before the
 * last policy is bound.
 *
 * @param name what Pulumi calls the platform.
 */
export function planPlatform(name: string, settings: PlatformSettings): PlannedObject[] {
  const policies = policyObjects(name, settings);
  const fence = policies.filter(isPolicyBinding);
  const [namespace, verifier] = platformNamespaceObjects(name, fence);
  const roles = clusterRoleObjects(name, settings, fence);
  return [
    ...policies,
    namespace,
    verifier,
    ...roles,
    verifierBindingObject(name, [...roles, verifier]),
    ...projectNamespaceObjects(name, settings, fence),
    ...shareObjects(name, settings),
  ];
}

/**
 * What lets the pipelines of projects in. The ClusterRole and the Roles get their names only once the fence
 * stands, which is the value `fence`.
 *
 * @param name what Pulumi calls the access.
 */
export function planPipelineAccess(
  name: string,
  { projects, meshes }: Pick<PlatformSettings, "projects" | "meshes">,
): readonly [role: PlannedObject, ...others: PlannedObject[]] {
  const objectName = valueOf("fence", () => platformRoleNames.pipeline);
  const role = pipelineRoleObject(`${name}-role`, objectName, meshes);
  return [
    role,
    ...pipelineBindings(projects).map(({ name: binding, child, subject }) =>
      planned(`${name}-${child}`, clusterRoleBinding(binding, nameOf(role), subject)),
    ),
    ...pipelineLeaseObjects(
      name,
      projects,
      valueOf("fence", () => leaseRoleName),
    ),
  ];
}
