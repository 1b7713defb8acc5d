import * as pulumi from "@pulumi/pulumi";
import { resolveQuota } from "./capacity";
import {
  createAccess,
  createNamespace,
  createWalls,
  identityOf,
  insideOf,
} from "./environmentResources";
import { objectNames } from "./objectNames";
import { assertValid, type SecureEnvironmentArgs } from "./secureEnvironmentArgs";

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
    super("secure-environment:index:SecureEnvironment", name, assertValid(args ?? {}, stack), opts);
    const plain = args ?? {};
    const identity = identityOf(plain, stack);

    const namespace = createNamespace(this, name, plain, identity);
    const inside = insideOf(this, namespace, identity);
    const walls = createWalls(name, plain, inside);
    const access = createAccess(name, plain, inside, walls);

    this.namespaceName = onceAllExist(namespace.metadata.name, [...walls, ...access]);
    this.stackName = pulumi.output(stack);
    this.branch = pulumi.output(plain.branch);
    this.url = pulumi.output(plain.url);
    this.expiresAt = pulumi.output(plain.expiresAt);
    this.developerRoleName = pulumi.output(objectNames.developer as string);
    this.quota = pulumi.output({ ...resolveQuota(plain.quota) });
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

/** Hands out the value only once the resources exist, so that nothing is built without walls. */
function onceAllExist(
  value: pulumi.Output<string>,
  resources: pulumi.Resource[],
): pulumi.Output<string> {
  const urns = pulumi.all(resources.map((resource) => resource.urn));
  return pulumi.all([value, urns]).apply(([known]) => known);
}
