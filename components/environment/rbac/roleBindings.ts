import { type types } from "@pulumi/kubernetes";
import { platformClusterRoles } from "../../core/rbac/clusterRoles";
import { type Reference } from "../../core/plan";
import { objectNames } from "../../core/objectNames";
import { platformNamespace, platformRoleNames, verifierAccount } from "../../core/platformNames";

/** The API group of roles and bindings. */
export const rbacGroup = "rbac.authorization.k8s.io";

/** Who has a role; the namespace of a service account may be known only later. */
export interface RoleSubject {
  readonly kind: string;
  readonly name: string;
  readonly apiGroup?: string;
  readonly namespace?: string | Reference;
}

/** A role and everybody who has it. */
export interface RoleHolders {
  readonly role: keyof typeof platformClusterRoles;
  readonly subjects: readonly RoleSubject[];
}

/** A RoleBinding of the environment. */
export interface AccessBinding {
  readonly objectName: string;
  readonly roleRef: types.input.rbac.v1.RoleRef;
  readonly subjects: readonly RoleSubject[];
}

/**
 * Who has which role: of the environment's own ones or, where there is a platform, of the
 * platform's, whose verifier then looks at the walls.
 */
export function accessBindings(
  holders: readonly RoleHolders[],
  isUnderPlatform: boolean,
): AccessBinding[] {
  const bindings = holders.map(({ role, subjects }) => ({
    objectName: objectNames[role],
    roleRef: isUnderPlatform
      ? roleRefTo("ClusterRole", platformClusterRoles[role])
      : roleRefTo("Role", objectNames[role]),
    subjects,
  }));
  return isUnderPlatform ? [...bindings, verifierBinding] : bindings;
}

function roleRefTo(kind: "Role" | "ClusterRole", name: string): types.input.rbac.v1.RoleRef {
  return { apiGroup: rbacGroup, kind, name };
}

const verifierBinding: AccessBinding = {
  objectName: objectNames.verifier,
  roleRef: roleRefTo("ClusterRole", platformRoleNames.verifier),
  subjects: [{ kind: "ServiceAccount", name: verifierAccount, namespace: platformNamespace }],
};
