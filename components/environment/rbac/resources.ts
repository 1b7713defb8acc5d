import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type ImageRegistryArgs } from "./accessArgs";
import { type AccessBinding, accessBindings, rbacGroup, type RoleHolders } from "./roleBindings";
import { accessGrants, rulesOfLevel } from "./accessGrants";
import { type AccessRule, deployerRules, roleRules } from "../../core/rbac/rules";
import { boundClusterRoles } from "./boundClusterRoles";
import { type Inside } from "../inside";
import { dockerConfigJson, imageRegistryProblems } from "../imageRegistries";
import { objectNames } from "../../core/objectNames";
import { describeProblems } from "../../core/problems";
import { type SecureEnvironmentArgs } from "../secureEnvironmentArgs";

/** A Role and everybody who has it, under the name that both objects have. */
interface Grant extends RoleHolders {
  readonly rules: readonly AccessRule[];
}

/** The same arguments, the passwords secret however they were given: the state keeps arguments. */
export function withSecretPasswords(args: SecureEnvironmentArgs): SecureEnvironmentArgs {
  return args.imageRegistries === undefined
    ? args
    : {
        ...args,
        imageRegistries: args.imageRegistries.map((registry) => ({
          ...registry,
          password: pulumi.secret(registry.password),
        })),
      };
}

/**
 * Who acts in the environment: service accounts, then roles, then bindings. They come last:
 * no subject is let in before the walls stand.
 */
export function createAccess(
  name: string,
  args: SecureEnvironmentArgs,
  inside: Inside,
  walls: pulumi.Resource[],
): pulumi.Resource[] {
  const registries = createImageRegistries(name, args.imageRegistries ?? [], inside, walls);
  const account = accountSettings(registries);
  const accounts = [
    createDefaultAccount(name, account, inside, [...walls, ...registries]),
    createDeployerAccount(name, account, inside, [...walls, ...registries]),
  ];
  const clusterRoles = boundClusterRoles(args);
  const grants = grantsOf(args, inside);
  const roles =
    clusterRoles === undefined ? grants.map((grant) => createRole(name, grant, inside, walls)) : [];
  const before = [...walls, ...registries, ...accounts, ...roles];
  const bindings = accessBindings(grants, clusterRoles).map((binding) =>
    createBinding(name, binding, inside, before),
  );
  return [...registries, ...accounts, ...roles, ...bindings];
}

function grantsOf(args: SecureEnvironmentArgs, inside: Inside): Grant[] {
  const people = accessGrants(args).map(({ level, subjects }) => ({
    role: level,
    rules: rulesOfLevel[level],
    subjects: subjects.map((subject) => ({ apiGroup: rbacGroup, ...subject })),
  }));
  const deployer = {
    kind: "ServiceAccount",
    name: objectNames.deployer,
    namespace: inside.namespace,
  };
  return [...people, { role: "deployer", rules: deployerRules, subjects: [deployer] }];
}

/** One Secret for all registries, its content secret as a whole. None when there is no registry. */
function createImageRegistries(
  name: string,
  registries: readonly ImageRegistryArgs[],
  inside: Inside,
  walls: pulumi.Resource[],
): pulumi.Resource[] {
  return registries.length === 0
    ? []
    : [
        new k8s.core.v1.Secret(
          `${name}-${objectNames.imageRegistries}`,
          {
            metadata: inside.metadata(objectNames.imageRegistries),
            type: "kubernetes.io/dockerconfigjson",
            data: { ".dockerconfigjson": encodedRegistries(registries) },
          },
          inside.options(walls),
        ),
      ];
}

/** Encoded here, because it is how the API server gives it back: nothing differs in the next run. */
function encodedRegistries(registries: readonly ImageRegistryArgs[]): pulumi.Output<string> {
  const encoded = pulumi
    .all(registries.map((registry) => pulumi.output(registry)))
    .apply((known) => {
      const problems = imageRegistryProblems(known);
      if (problems.length > 0) {
        throw new pulumi.RunError(describeProblems(problems));
      }
      return Buffer.from(dockerConfigJson(known)).toString("base64");
    });
  return pulumi.secret(encoded);
}

/** A pod that is not told otherwise gets no token for the API server. */
function accountSettings(registries: pulumi.Resource[]) {
  return {
    automountServiceAccountToken: false,
    ...(registries.length === 0
      ? {}
      : { imagePullSecrets: [{ name: objectNames.imageRegistries }] }),
  };
}

/**
 * Pods that name no service account get the namespace's `default` one. Kubernetes itself makes
 * it, so it is patched; without the patch every pod would carry a token for the API server.
 */
function createDefaultAccount(
  name: string,
  settings: ReturnType<typeof accountSettings>,
  inside: Inside,
  dependsOn: pulumi.Resource[],
): pulumi.Resource {
  return new k8s.core.v1.ServiceAccountPatch(
    `${name}-default-account`,
    { metadata: { name: "default", namespace: inside.namespace }, ...settings },
    inside.options(dependsOn),
  );
}

/** The account of the pipeline that deploys the application. Its tokens are short-lived ones. */
function createDeployerAccount(
  name: string,
  settings: ReturnType<typeof accountSettings>,
  inside: Inside,
  dependsOn: pulumi.Resource[],
): pulumi.Resource {
  return new k8s.core.v1.ServiceAccount(
    `${name}-deployer-account`,
    { metadata: inside.metadata(objectNames.deployer), ...settings },
    inside.options(dependsOn),
  );
}

function createRole(
  name: string,
  { role, rules }: Grant,
  inside: Inside,
  walls: pulumi.Resource[],
): pulumi.Resource {
  const objectName = objectNames[role];
  return new k8s.rbac.v1.Role(
    `${name}-${objectName}`,
    { metadata: inside.metadata(objectName), rules: roleRules(rules) },
    inside.options(walls),
  );
}

function createBinding(
  name: string,
  { objectName, roleRef, subjects }: AccessBinding,
  inside: Inside,
  dependsOn: pulumi.Resource[],
): pulumi.Resource {
  return new k8s.rbac.v1.RoleBinding(
    `${name}-${objectName}s`,
    { metadata: inside.metadata(objectName), roleRef, subjects },
    inside.options(dependsOn),
  );
}
