import * as pulumi from "@pulumi/pulumi";
import { environmentShape } from "./argumentShapes";
import { podRoomReports } from "./capacity/podRoom";
import { hostSuffix } from "../core/domain";
import { expiryReports } from "./expiry";
import { holeReports } from "./network/holes/reports";
import { type HoleStatus, holeStatuses } from "./network/holes/status";
import { meshReports } from "./mesh/meshProblems";
import { objectNames } from "../core/objectNames";
import { platformClusterRoles } from "../core/rbac/clusterRoles";
import { onceAllExist } from "../core/onceAllExist";
import { createPlanned, resourceOf } from "../core/plannedResources";
import { requireChosenCluster } from "../core/runCluster";
import { environmentValues, judgedDescription, withSecretPasswords } from "./laterValues";
import { planEnvironment } from "./plan";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { type ResolvedEnvironment } from "./resolvedEnvironment";
import { withTexts } from "../core/shape";
import { validEnvironment } from "./validEnvironment";

/**
 * A walled namespace for one branch. Nothing gets in or out but DNS, traffic between its own pods
 * and what its holes let through, nothing takes more than its share, only restricted pods run, and
 * developers may deploy applications but move no wall. The walls stand before anybody is let in,
 * and they stay until the last pod is gone.
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
  /** What every host of the environment ends in, if a domain was given: `<namespace>.<domain>`. */
  public readonly hostSuffix: pulumi.Output<string | undefined>;
  /** When the environment may be removed, if it expires. */
  public readonly expiresAt: pulumi.Output<string | undefined>;
  /** What those with the preset `develop` have: a Role of the namespace, or a ClusterRole of the platform. */
  public readonly developerRoleName: pulumi.Output<string>;
  /** The service account for deployments from a pipeline, by short-lived tokens only. */
  public readonly deployerServiceAccountName: pulumi.Output<string>;
  /** The holes, open and expired. */
  public readonly holes: pulumi.Output<HoleStatus[]>;
  /** The hard limits of the ResourceQuota. */
  public readonly quota: pulumi.Output<Record<string, string>>;

  /**
   * @throws RunError with every fault of the arguments, or when no cluster was chosen, before anything
   * is created in a cluster.
   */
  constructor(name: string, args?: SecureEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    const plain = withTexts(args ?? {}, environmentShape) as SecureEnvironmentArgs;
    const environment = validEnvironment(plain);
    super("secure-environment:index:SecureEnvironment", name, recordedArguments(plain), opts);
    requireChosenCluster(this, "environment", plain);

    const plan = planEnvironment(name, { ...environment, description: judgedDescription(plain) });
    const values = environmentValues(this, name, environment);
    const resources = createPlanned(this, plan.objects, { ...values });
    const namespaceName = resourceOf(plan.namespace, resources).metadata.name;
    warn(this, [
      ...holeReports(environment.holes, plain.holes),
      ...meshReports(environment),
      ...podRoomReports(environment.capacity, environment.mesh),
    ]);

    this.namespaceName = onceAllExist(namespaceName, [...resources.values()]);
    this.stackName = pulumi.output(environment.identity.stack);
    this.branch = pulumi.output(plain.branch);
    this.url = pulumi.output(plain.url);
    this.hostSuffix = hostSuffixOf(namespaceName, plain.domain);
    this.expiresAt = pulumi.output(plain.expiresAt);
    this.expiresAt.apply((expiresAt) => warn(this, expiryReports(expiresAt, plain.now)));
    this.developerRoleName = pulumi.output(developerRoleName(environment));
    this.deployerServiceAccountName = pulumi.output(objectNames.deployer as string);
    this.holes = pulumi.output(holeStatuses(environment.holes));
    this.quota = pulumi.output({ ...environment.capacity.quota });
    this.registerOutputs({
      namespaceName: this.namespaceName,
      stackName: this.stackName,
      branch: this.branch,
      url: this.url,
      hostSuffix: this.hostSuffix,
      expiresAt: this.expiresAt,
      developerRoleName: this.developerRoleName,
      deployerServiceAccountName: this.deployerServiceAccountName,
      holes: this.holes,
      quota: this.quota,
    });
  }
}

/**
 * What the state keeps of the arguments. The present instant stays out: it differs in every run,
 * and a run that changes nothing should say so.
 */
function recordedArguments(args: SecureEnvironmentArgs): SecureEnvironmentArgs {
  return { ...withSecretPasswords(args), now: undefined };
}

function warn(environment: pulumi.Resource, reports: readonly string[]): void {
  for (const report of reports) {
    void pulumi.log.warn(report, environment);
  }
}

function developerRoleName({ isUnderPlatform }: ResolvedEnvironment): string {
  return isUnderPlatform ? platformClusterRoles.developer : objectNames.developer;
}

function hostSuffixOf(
  namespace: pulumi.Output<string>,
  domain: string | undefined,
): pulumi.Output<string | undefined> {
  return domain === undefined
    ? pulumi.output(undefined)
    : namespace.apply((known) => hostSuffix(known, domain));
}
