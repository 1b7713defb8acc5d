import { type PlannedObject, planned, type Reference } from "../../core/plan";
import { platformNamespace, platformRoleNames, verifierAccount } from "../../core/platformNames";
import { type Mesh } from "../../environment/mesh/meshArgs";
import { rbacGroup } from "../../environment/rbac/roleBindings";
import { childNameOf } from "../childNames";
import { type PlatformSettings } from "../platformSettings";
import { type NamedAccessRule, pipelineRules, platformRoles } from "./clusterRoles";
import { type PipelineBinding } from "./pipelineBindings";

const apiVersion = `${rbacGroup}/v1`;

/** The platform's ClusterRoles. That of the pipelines comes with its bindings. */
export function clusterRoleObjects(
  name: string,
  settings: PlatformSettings,
  dependsOn: readonly PlannedObject[],
): PlannedObject[] {
  return Object.entries(platformRoles(settings)).map(([objectName, rules]) =>
    planned(childNameOf(name, objectName), clusterRole(objectName, rules), { dependsOn }),
  );
}

/** The ClusterRole of the pipelines. */
export function pipelineRoleObject(
  logicalName: string,
  objectName: Reference,
  meshes: readonly Mesh[],
): PlannedObject {
  return planned(logicalName, clusterRole(objectName, pipelineRules(meshes)));
}

/** The verifier may ask in every namespace who may do what. */
export function verifierBindingObject(
  name: string,
  dependsOn: readonly PlannedObject[],
): PlannedObject {
  const subject = { kind: "ServiceAccount", name: verifierAccount, namespace: platformNamespace };
  const role = platformRoleNames.accessReviewer;
  return planned(`${name}-verifier-binding`, clusterRoleBinding(role, role, subject), {
    dependsOn,
  });
}

/** Gives a subject a ClusterRole in every namespace. */
export function clusterRoleBinding(
  objectName: string,
  role: string | Reference,
  subject: PipelineBinding["subject"],
) {
  return {
    apiVersion,
    kind: "ClusterRoleBinding",
    metadata: { name: objectName },
    roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: role },
    subjects: [subject],
  };
}

function clusterRole(objectName: string | Reference, rules: readonly NamedAccessRule[]) {
  return { apiVersion, kind: "ClusterRole", metadata: { name: objectName }, rules };
}
