import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { developerRules, roleRules } from "./access";
import * as capacity from "./capacity";
import {
  defaultDeveloperGroup,
  environmentProblems,
  kindOf,
  type PlainArguments,
} from "./environmentArguments";
import { type Identity, identityLabels, namespaceAnnotations, namespaceLabels } from "./metadata";
import { namespaceName, uniqueSuffixLength } from "./names";
import { defaultDenySpec, dnsSpec, sameEnvironmentSpec } from "./network";
import { objectNames } from "./objectNames";
import { describeProblems } from "./problems";

/** What a container gets that asks for nothing. */
export interface ContainerDefaultsArgs {
  /**
   * Requests by resource: `cpu`, `memory`, `ephemeral-storage`.
   *
   * Defaults to `100m`, `128Mi` and `256Mi`; what is given here replaces single entries.
   */
  requests?: Record<string, string>;
  /**
   * Limits by resource: `cpu`, `memory`, `ephemeral-storage`.
   *
   * Defaults to `500m`, `512Mi` and `1Gi`; what is given here replaces single entries.
   */
  limits?: Record<string, string>;
}

/** Arguments of a `SecureEnvironment`. All are optional: the stack's name alone is enough. */
export interface SecureEnvironmentArgs {
  /**
   * The branch, in full. It is kept in an annotation, and the stack must be the one that
   * `npx review name BRANCH` prints for it.
   *
   * Defaults to none: the stack's name alone names the environment.
   */
  branch?: string;
  /**
   * The project, needed as soon as two repositories share a cluster: the namespace becomes
   * `review-<project>-<slug>`. At most 20 characters of `a-z` and `0-9`. Set it once:
   * changing it later replaces the namespace with everything inside.
   *
   * Defaults to none: the namespace is `review-<slug>`.
   */
  project?: string;
  /**
   * Whether the environment stays, as staging does: its stack needs no `review-` prefix, its
   * namespace is protected from deletion by Pulumi, and it never expires. The walls are the same.
   *
   * Defaults to false.
   */
  permanent?: boolean;
  /**
   * Whether a random suffix, kept in the state, is appended to the namespace, so that a branch can
   * come up again while its old namespace is still terminating.
   *
   * Defaults to false.
   */
  uniqueSuffix?: boolean;
  /**
   * Branches that get no environment, in addition to the built-in ones (`staging`, `production`,
   * `default`, `kube-*` and so on). A trailing `*` stands for any ending.
   *
   * Defaults to none.
   */
  reservedNames?: string[];
  /**
   * The group of users who may deploy in the environment.
   *
   * Defaults to `dev-users`.
   */
  developerGroup?: string;
  /**
   * Hard limits of the ResourceQuota by Kubernetes' own keys, such as `limits.cpu`, `pods` or
   * `count/jobs.batch`. See https://kubernetes.io/docs/concepts/policy/resource-quotas/
   *
   * Defaults to 2 CPU and 4Gi requested, 4 CPU and 8Gi at most, 20 pods, 20Gi of volumes, no load
   * balancer and no node port; what is given here replaces single entries.
   */
  quota?: Record<string, string>;
  /**
   * What a container gets that asks for nothing. It must fit into the quota.
   *
   * Defaults to a tenth of a CPU and 128Mi requested, half a CPU and 512Mi at most.
   */
  containerDefaults?: ContainerDefaultsArgs;
  /**
   * Who asked for the environment: a person or a team, as the value of a label.
   *
   * Defaults to none.
   */
  owner?: pulumi.Input<string>;
  /**
   * Where the environment's application answers.
   *
   * Defaults to none.
   */
  url?: pulumi.Input<string>;
  /**
   * When the environment may be removed: RFC 3339 in UTC, such as `2027-01-31T18:00:00Z`.
   *
   * Defaults to none: it lasts until its stack is destroyed.
   */
  expiresAt?: pulumi.Input<string>;
}

/**
 * A walled namespace for one branch. Nothing gets in or out but DNS and traffic between its own
 * pods, nothing takes more than its share, only restricted pods run, and developers may deploy
 * applications but move no wall. The walls stand before anybody is let in, and they stay until
 * the last pod is gone.
 */
export class SecureEnvironment extends pulumi.ComponentResource {
  /** The namespace. Known to other resources only once every wall stands. */
  public readonly namespaceName: pulumi.Output<string>;
  /** The Pulumi stack that made the environment. */
  public readonly stackName: pulumi.Output<string>;
  /** The branch, in full, if it was given. */
  public readonly branch: pulumi.Output<string | undefined>;
  /** Where the environment's application answers, if it was given. */
  public readonly url: pulumi.Output<string | undefined>;
  /** When the environment may be removed, if it expires. */
  public readonly expiresAt: pulumi.Output<string | undefined>;
  /** The Role in the namespace that the developers have. */
  public readonly developerRoleName: pulumi.Output<string>;
  /** The hard limits of the ResourceQuota. */
  public readonly quota: pulumi.Output<Record<string, string>>;

  /**
   * @throws RunError with every fault of the arguments, before anything is created.
   */
  constructor(name: string, args?: SecureEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    const stack = pulumi.getStack();
    super("secure-environment:index:SecureEnvironment", name, valid(args ?? {}, stack), opts);
    const plain = args ?? {};
    const identity = identityOf(plain, stack);

    const namespace = createNamespace(this, name, plain, identity);
    const inside = insideOf(this, namespace, identity);
    const walls = createWalls(name, plain, inside);
    const access = createAccess(name, plain, inside, walls);

    this.namespaceName = standing(namespace.metadata.name, [...walls, ...access]);
    this.stackName = pulumi.output(stack);
    this.branch = pulumi.output(plain.branch);
    this.url = pulumi.output(plain.url);
    this.expiresAt = pulumi.output(plain.expiresAt);
    this.developerRoleName = pulumi.output(objectNames.developer as string);
    this.quota = pulumi.output({ ...capacity.resolveQuota(plain.quota) });
    this.registerOutputs({
      namespaceName: this.namespaceName,
      stackName: this.stackName,
      branch: this.branch,
      url: this.url,
      expiresAt: this.expiresAt,
      developerRoleName: this.developerRoleName,
      quota: this.quota,
    });
  }
}

/** How objects inside the namespace are made: where, with which labels, below which parent. */
interface Inside {
  readonly namespace: pulumi.Input<string>;
  readonly metadata: (objectName: string) => k8s.types.input.meta.v1.ObjectMeta;
  readonly options: (dependsOn?: pulumi.Resource[]) => pulumi.CustomResourceOptions;
}

function valid(args: SecureEnvironmentArgs, stack: string): SecureEnvironmentArgs {
  const problems = environmentProblems(args, { pulumiProject: pulumi.getProject(), stack });
  if (problems.length > 0) {
    throw new pulumi.RunError(describeProblems(problems));
  }
  return args;
}

function identityOf(args: PlainArguments, stack: string): Identity {
  return { kind: kindOf(args), project: args.project ?? pulumi.getProject(), stack };
}

function createNamespace(
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
        labels: description.apply(({ owner }) => namespaceLabels(identity, owner)),
        annotations: description.apply((known) => namespaceAnnotations(args.branch, known)),
      },
    },
    { parent, protect: args.permanent === true },
  );
}

/** The describing arguments once they are known, judged like those that were known at once. */
function describedBy(args: SecureEnvironmentArgs) {
  const described = { owner: args.owner, url: args.url, expiresAt: args.expiresAt };
  return pulumi.output(described).apply((known) => {
    valid({ ...args, ...known }, pulumi.getStack());
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

/** Deleting the namespace deletes what is inside, pods first: no wall is removed on its own. */
function insideOf(
  parent: pulumi.Resource,
  namespace: k8s.core.v1.Namespace,
  identity: Identity,
): Inside {
  return {
    namespace: namespace.metadata.name,
    metadata: (objectName) => ({
      name: objectName,
      namespace: namespace.metadata.name,
      labels: identityLabels(identity),
    }),
    options: (dependsOn = []) => ({ parent, deletedWith: namespace, dependsOn }),
  };
}

function createWalls(name: string, args: PlainArguments, inside: Inside): pulumi.Resource[] {
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
function createAccess(
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

/** Hands out the value only once the resources exist, so that nothing is built without walls. */
function standing(
  value: pulumi.Output<string>,
  resources: pulumi.Resource[],
): pulumi.Output<string> {
  const urns = pulumi.all(resources.map((resource) => resource.urn));
  return pulumi.all([value, urns]).apply(([known]) => known);
}
