import { type ClusterRolesArgs } from "./accessArgs";
import { isClusterOwned, platformClusterRoles } from "../../core/rbac/clusterRoles";
import { problem, problemIf, problemUnless, type Problem } from "../../core/problems";

/** Whether the platform's ClusterRoles are bound instead of Roles of the environment. */
export interface PlatformWishes {
  readonly platform?: boolean;
  readonly clusterRoles?: ClusterRolesArgs;
}

/** Whether a platform guards the environment. */
export function isUnderPlatform({ platform, clusterRoles }: PlatformWishes): boolean {
  return platform ?? clusterRoles !== undefined;
}

/** The ClusterRoles to bind; `undefined` when the environment makes Roles of its own. */
export function boundClusterRoles(
  wishes: PlatformWishes,
): Readonly<Required<ClusterRolesArgs>> | undefined {
  const roles = Object.entries(platformClusterRoles) as [keyof ClusterRolesArgs, string][];
  return isUnderPlatform(wishes)
    ? (Object.fromEntries(
        roles.map(([role, name]) => [role, wishes.clusterRoles?.[role] ?? name]),
      ) as unknown as Required<ClusterRolesArgs>)
    : undefined;
}

/** Everything wrong with the choice of ClusterRoles. */
export function clusterRoleProblems({ platform, clusterRoles }: PlatformWishes): Problem[] {
  const names = [
    ...Object.entries(clusterRoles ?? {}).flatMap(([key, name]) =>
      nameProblems(`clusterRoles.${key}`, name as string | undefined),
    ),
    ...sharedProblems({ platform, clusterRoles }),
  ];
  return platform === false && clusterRoles !== undefined
    ? [
        problem(
          "platform",
          "contradicts `clusterRoles`, which only a platform has",
          "Leave out one of the two.",
          platform,
        ),
        ...names,
      ]
    : names;
}

/** Roles that read secrets: the subjects of another role that shared one would read secrets too. */
const secretRoles: readonly (keyof ClusterRolesArgs)[] = ["secretReader", "deployer"];

function sharedProblems(wishes: PlatformWishes): Problem[] {
  const roles = Object.entries(boundClusterRoles(wishes) ?? {});
  return secretRoles.flatMap((role) => {
    const name = boundClusterRoles(wishes)?.[role];
    const other = roles.find(([key, shared]) => key !== role && shared === name)?.[0];
    const fault = `is the ClusterRole of ${other} as well, and it reads secrets`;
    const remedy = "Name a ClusterRole that is for this alone.";
    return problemUnless(other === undefined, `clusterRoles.${role}`, fault, remedy, name);
  });
}

function nameProblems(property: string, name: string | undefined): Problem[] {
  if (name === undefined) {
    return [];
  }
  if (!isClusterRoleName(name)) {
    const remedy = "Use the name of a ClusterRole, such as secure-environment-developer.";
    return [problem(property, "cannot be the name of a ClusterRole", remedy, name)];
  }
  const remedy = "Name a ClusterRole of the platform with a closed list of rules.";
  const fault = "is a ClusterRole of the cluster itself";
  return problemIf(isClusterOwned(name), property, fault, remedy, name);
}

/**
 * Names of roles are segments of a path, colons and capitals included.
 * See https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole
 */
function isClusterRoleName(name: string): boolean {
  return name.trim() === name && name !== "" && !/^\.{1,2}$|[/%]/.test(name);
}
