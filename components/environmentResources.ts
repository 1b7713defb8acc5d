import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { developerRules, roleRules } from "./access";
import * as capacity from "./capacity";
import { defaultDeveloperGroup, kindOf, type PlainArguments } from "./environmentArguments";
import {
  type Description,
  type Identity,
  identityLabels,
  namespaceAnnotations,
  namespaceLabels,
} from "./metadata";
import { namespaceName, uniqueSuffixLength } from "./names";
import { defaultDenySpec, dnsSpec, sameEnvironmentSpec } from "./network";
import { objectNames } from "./objectNames";
import { assertValid, type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

/** How objects inside the namespace are made: where, with which labels, below which parent. */
export interface Inside {
  readonly namespace: pulumi.Input<string>;
  readonly metadata: (objectName: string) => k8s.types.input.meta.v1.ObjectMeta;
  readonly options: (dependsOn?: pulumi.Resource[]) => pulumi.CustomResourceOptions;
}

/** What every object of the environment says about it. */
export function identityOf(args: PlainArguments, stack: string): Identity {
  return { kind: kindOf(args), project: args.project ?? pulumi.getProject(), stack };
}

/** The namespace, open to nobody yet. */
export function createNamespace(
  parent: pulumi.Resource,
  name: string,
  args: SecureEnvironmentArgs,
  identity: Identity,
): k8s.core.v1.Namespace {
  const description = describedBy(args);
  return new k8s.core.v1.Namespace(
    name,
    {
      metadata: {
        name: namespaceNameOf(parent, name, args, identity.stack),
        labels: namespaceLabels(identity, description),
        ...nonEmpty("annotations", namespaceAnnotations(args.branch, description)),
      },
    },
    { parent, protect: isProtected(identity) },
  );
}

/** The API server stores no empty map: sending one would look like a change in every run. */
function nonEmpty<Value>(key: string, map: Record<string, Value>) {
  return Object.keys(map).length === 0 ? {} : { [key]: map };
}

function isProtected(identity: Identity): boolean {
  return identity.kind === "permanent";
}

/** The describing arguments; those that are known only later are judged then. */
function describedBy(args: SecureEnvironmentArgs): Description<pulumi.Input<string>> {
  return {
    owner: judgedLater(args, "owner"),
    url: judgedLater(args, "url"),
    expiresAt: judgedLater(args, "expiresAt"),
  };
}

function judgedLater(
  args: SecureEnvironmentArgs,
  property: "owner" | "url" | "expiresAt",
): pulumi.Input<string> | undefined {
  const value = args[property];
  return value === undefined || typeof value === "string"
    ? value
    : pulumi.output(value).apply((known) => {
        assertValid({ ...args, [property]: known }, pulumi.getStack());
        return known;
      });
}

function namespaceNameOf(
  parent: pulumi.Resource,
  name: string,
  args: SecureEnvironmentArgs,
  stack: string,
): pulumi.Input<string> {
  const plainName = namespaceName(stack, args.project);
  if (args.uniqueSuffix !== true) {
    return plainName;
  }
  const suffix = new random.RandomString(
    `${name}-suffix`,
    { length: uniqueSuffixLength, special: false, upper: false },
    { parent },
  );
  return pulumi.interpolate`${plainName}-${suffix.result}`;
}

/**
 * Deleting the namespace deletes what is inside, pods first: no wall is removed on its own. Where
 * the namespace is protected its walls are too, or a refused `destroy` would forget them.
 */
export function insideOf(
  parent: pulumi.Resource,
  namespace: k8s.core.v1.Namespace,
  identity: Identity,
): Inside {
  const protect = isProtected(identity);
  return {
    namespace: namespace.metadata.name,
    metadata: (objectName) => ({
      name: objectName,
      namespace: namespace.metadata.name,
      labels: identityLabels(identity),
    }),
    options: (dependsOn = []) => ({ parent, deletedWith: namespace, dependsOn, protect }),
  };
}

/** What bounds the pods of the environment: capacity and network. */
export function createWalls(name: string, args: PlainArguments, inside: Inside): pulumi.Resource[] {
  const quota = capacity.resolveQuota(args.quota);
  const defaults = capacity.resolveContainerDefaults(args.containerDefaults);
  const policies: [string, k8s.types.input.networking.v1.NetworkPolicySpec][] = [
    [objectNames.defaultDeny, defaultDenySpec()],
    [objectNames.sameEnvironment, sameEnvironmentSpec()],
    [objectNames.dns, dnsSpec()],
  ];
  return [
    new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      { metadata: inside.metadata(objectNames.quota), spec: capacity.quotaSpec(quota) },
      inside.options(),
    ),
    new k8s.core.v1.LimitRange(
      `${name}-limits`,
      {
        metadata: inside.metadata(objectNames.limits),
        spec: capacity.limitRangeSpec(quota, defaults),
      },
      inside.options(),
    ),
    ...policies.map(
      ([objectName, spec]) =>
        new k8s.networking.v1.NetworkPolicy(
          `${name}-${objectName}`,
          { metadata: inside.metadata(objectName), spec },
          inside.options(),
        ),
    ),
  ];
}

/** Bindings come last: nobody is let in before the walls stand. */
export function createAccess(
  name: string,
  args: PlainArguments,
  inside: Inside,
  walls: pulumi.Resource[],
): pulumi.Resource[] {
  const account = createDefaultAccount(name, inside, walls);
  const role = new k8s.rbac.v1.Role(
    `${name}-developer`,
    { metadata: inside.metadata(objectNames.developer), rules: roleRules(developerRules) },
    inside.options(walls),
  );
  const binding = new k8s.rbac.v1.RoleBinding(
    `${name}-developers`,
    {
      metadata: inside.metadata(objectNames.developer),
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: objectNames.developer },
      subjects: [
        {
          apiGroup: "rbac.authorization.k8s.io",
          kind: "Group",
          name: args.developerGroup ?? defaultDeveloperGroup,
        },
      ],
    },
    inside.options([...walls, account, role]),
  );
  return [account, role, binding];
}

/**
 * Pods that name no service account get the namespace's `default` one. Kubernetes itself makes
 * it, so it is patched; without the patch every pod would carry a token for the API server.
 */
function createDefaultAccount(
  name: string,
  inside: Inside,
  walls: pulumi.Resource[],
): pulumi.Resource {
  return new k8s.core.v1.ServiceAccountPatch(
    `${name}-default-account`,
    {
      metadata: { name: "default", namespace: inside.namespace },
      automountServiceAccountToken: false,
    },
    inside.options(walls),
  );
}
