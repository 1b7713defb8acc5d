import * as pulumi from "@pulumi/pulumi";
import { environmentProblems } from "./environmentArguments";
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
   * come up again while its old namespace is still terminating. Set it once: changing it later
   * replaces the namespace with everything inside.
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
 * The arguments, if nothing is wrong with them.
 *
 * @throws RunError with every fault: a user's mistake is told without a stack trace.
 */
export function assertValid(args: SecureEnvironmentArgs, stack: string): SecureEnvironmentArgs {
  const problems = environmentProblems(args, { pulumiProject: pulumi.getProject(), stack });
  if (problems.length > 0) {
    throw new pulumi.RunError(describeProblems(problems));
  }
  return args;
}
