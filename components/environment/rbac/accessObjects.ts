import { valueOf } from "../../core/plan";
import { objectNames } from "../../core/objectNames";
import { type AccessRule, deployerRules, roleRules, withKinds } from "../../core/rbac/rules";
import { type EnvironmentObject, type Inside } from "../environmentObjects";
import { dockerConfigJson, type RegistryCredentials } from "../imageRegistries";
import { type ResolvedEnvironment } from "../resolvedEnvironment";
import { rulesOfLevel, type Subject } from "./accessGrants";
import { accessBindings, rbacGroup, type RoleHolders, type RoleSubject } from "./roleBindings";

/** A Role and everybody who has it, under the name that both objects have. */
interface Grant extends RoleHolders {
  readonly rules: readonly AccessRule[];
}

/** Who acts in the environment: service accounts, then roles, then bindings. */
export function accessObjects(
  environment: ResolvedEnvironment,
  inside: Inside,
): EnvironmentObject[] {
  const { isUnderPlatform } = environment;
  const grants = grantsOf(environment, inside);
  return [
    ...imageRegistriesObjects(environment, inside),
    defaultAccountObject(environment, inside),
    deployerAccountObject(environment, inside),
    ...(isUnderPlatform ? [] : grants.map((grant) => roleObject(grant, inside))),
    ...accessBindings(grants, isUnderPlatform).map(
      ({ objectName, roleRef, subjects }): EnvironmentObject => ({
        child: `${objectName}s`,
        tier: "bindings",
        object: inside.object(`${rbacGroup}/v1`, "RoleBinding", objectName, { roleRef, subjects }),
      }),
    ),
  ];
}

function grantsOf(environment: ResolvedEnvironment, { namespace }: Inside): Grant[] {
  const grants = environment.grants.map(({ level, subjects }) => ({
    role: level,
    rules: rulesOfLevel[level],
    subjects: subjects.map(roleSubject),
  }));
  const people = grants.filter(({ role }) => role !== "deployer");
  const deployers = grants.find(({ role }) => role === "deployer")?.subjects ?? [];
  const deployer = { kind: "ServiceAccount", name: objectNames.deployer, namespace };
  const rules = withKinds(deployerRules, environment.deployerKinds);
  return [...people, { role: "deployer", rules, subjects: [deployer, ...deployers] }];
}

/** Service accounts are of the core group, which bindings leave out. */
function roleSubject(subject: Subject): RoleSubject {
  return subject.kind === "ServiceAccount" ? subject : { apiGroup: rbacGroup, ...subject };
}

/**
 * One Secret for all registries, its content secret as a whole. None when there is no registry.
 * Encoded here, because it is how the API server gives it back: nothing differs in the next run.
 */
function imageRegistriesObjects(
  { imageRegistries }: ResolvedEnvironment,
  inside: Inside,
): EnvironmentObject[] {
  if (imageRegistries.length === 0) {
    return [];
  }
  const encoded = valueOf("imageRegistries", (registries: readonly RegistryCredentials[]) =>
    Buffer.from(dockerConfigJson(registries)).toString("base64"),
  );
  return [
    {
      child: objectNames.imageRegistries,
      tier: "secrets",
      object: inside.object("v1", "Secret", objectNames.imageRegistries, {
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": encoded },
      }),
    },
  ];
}

/** A pod that is not told otherwise gets no token for the API server. */
function accountSettings({ imageRegistries }: ResolvedEnvironment) {
  return {
    automountServiceAccountToken: false,
    ...(imageRegistries.length === 0
      ? {}
      : { imagePullSecrets: [{ name: objectNames.imageRegistries }] }),
  };
}

/**
 * Pods that name no service account get the namespace's `default` one. Kubernetes itself makes
 * it, so it is patched; without the patch every pod would carry a token for the API server.
 */
function defaultAccountObject(
  environment: ResolvedEnvironment,
  { namespace }: Inside,
): EnvironmentObject {
  return {
    child: "default-account",
    tier: "accounts",
    action: "patch",
    object: {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace },
      ...accountSettings(environment),
    },
  };
}

/** The account of the pipeline that deploys the application. Its tokens are short-lived ones. */
function deployerAccountObject(
  environment: ResolvedEnvironment,
  inside: Inside,
): EnvironmentObject {
  const settings = accountSettings(environment);
  return {
    child: "deployer-account",
    tier: "accounts",
    object: inside.object("v1", "ServiceAccount", objectNames.deployer, settings),
  };
}

function roleObject({ role, rules }: Grant, inside: Inside): EnvironmentObject {
  const objectName = objectNames[role];
  return {
    child: objectName,
    tier: "roles",
    object: inside.object(`${rbacGroup}/v1`, "Role", objectName, { rules: roleRules(rules) }),
  };
}
