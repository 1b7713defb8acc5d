import { type PlannedObject, nameOf, planned, type Reference } from "../../core/plan";
import { leaseNames, pipelineNamespace } from "../../core/platformNames";
import { rbacGroup } from "../../environment/rbac/roleBindings";
import { type ProjectArgs } from "../platformArgs";
import { type NamedAccessRule } from "./clusterRoles";
import { pipelineBindings } from "./pipelineBindings";

const apiVersion = `${rbacGroup}/v1`;

/** The API group and the resource of Leases. */
export const leases = { apiGroup: "coordination.k8s.io", resource: "leases" } as const;

/**
 * What a pipeline may do in its own namespace: have the Leases by which its runs know of each other. RBAC
 * cannot say the name of what is to be created, so the fence does.
 */
export const leaseRules: readonly NamedAccessRule[] = [
  { apiGroups: [leases.apiGroup], resources: [leases.resource], verbs: ["create"] },
  {
    apiGroups: [leases.apiGroup],
    resources: [leases.resource],
    resourceNames: Object.values(leaseNames),
    verbs: ["get", "update"],
  },
];

/**
 * The Role in the namespace of each pipeline, and a RoleBinding for each identity, as of its ClusterRole.
 *
 * @param name what Pulumi calls the access.
 * @param roleName known once the fence stands.
 */
export function pipelineLeaseObjects(
  name: string,
  projects: readonly ProjectArgs[],
  roleName: Reference,
): PlannedObject[] {
  return projects.flatMap((project) => {
    const namespace = pipelineNamespace(project.name);
    const role = planned(`${name}-${project.name}-leases`, {
      ...{ apiVersion, kind: "Role", metadata: { name: roleName, namespace }, rules: leaseRules },
    });
    const bindings = pipelineBindings([project]).map((binding) =>
      planned(`${name}-${binding.child}-leases-binding`, {
        ...{ apiVersion, kind: "RoleBinding", metadata: { name: binding.name, namespace } },
        roleRef: { apiGroup: rbacGroup, kind: "Role", name: nameOf(role) },
        subjects: [binding.subject],
      }),
    );
    return [role, ...bindings];
  });
}
