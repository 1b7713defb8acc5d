import * as pulumi from "@pulumi/pulumi";
import { onceAllExist } from "../core/onceAllExist";
import { type PipelineIdentity, pipelineIdentities } from "./rbac/pipelineIdentity";
import { type ReviewPlatformArgs } from "./platformArgs";
import { platformNamespace, platformRoleNames, verifierAccount } from "../core/platformNames";
import { createPlatformNamespace, createProjectNamespaces } from "./namespaces";
import { createClusterRoleBinding, createClusterRoles } from "./rbac/clusterRoleResources";
import { createPolicies } from "./admission/resources";
import { createShares } from "./flowControlResources";
import { assertValidPlatform } from "./validPlatformArguments";

/**
 * What a cluster needs once, so that pipelines can make and unmake review environments and touch
 * nothing else: admission policies, roles to bind, a share of the API server, and an account for
 * the pipeline of each project. The pipelines have no rights yet: `PipelineAccess` gives them
 * theirs, once somebody has seen the policies refuse.
 */
export class ReviewPlatform extends pulumi.ComponentResource {
  /** The admission policies. Known to other resources only once each is bound. */
  public readonly policyNames: pulumi.Output<string[]>;
  /** Who the pipeline of each project is. Known only once everything of the platform exists. */
  public readonly pipelines: pulumi.Output<PipelineIdentity[]>;

  /**
   * @throws RunError with every fault of the arguments, before anything is created.
   */
  constructor(name: string, args: ReviewPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const plain = assertValidPlatform(args);
    super("secure-environment:index:ReviewPlatform", name, plain, opts);

    const policies = createPolicies(name, plain, this);
    const fenced = { parent: this, dependsOn: policies };
    const verifier = createPlatformNamespace(name, fenced);
    const roles = createClusterRoles(name, plain, fenced);
    const binding = createClusterRoleBinding(
      `${name}-verifier-binding`,
      {
        name: platformRoleNames.accessReviewer,
        clusterRole: platformRoleNames.accessReviewer,
        subject: { kind: "ServiceAccount", name: verifierAccount, namespace: platformNamespace },
      },
      { parent: this, dependsOn: [...roles, verifier] },
    );
    const others = [
      ...createProjectNamespaces(name, plain, fenced),
      ...createShares(name, plain, this),
    ];

    this.policyNames = onceAllExist(
      pulumi.all(policies.map((policy) => policy.metadata.name)),
      policies,
    );
    this.pipelines = onceAllExist(pulumi.output(pipelineIdentities(plain)), [
      ...policies,
      binding,
      ...others,
    ]);
    this.registerOutputs({ policyNames: this.policyNames, pipelines: this.pipelines });
  }
}
