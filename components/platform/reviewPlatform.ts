import * as pulumi from "@pulumi/pulumi";
import { onceAllExist } from "../core/onceAllExist";
import { type PipelineIdentity, pipelineIdentities } from "./rbac/pipelineIdentity";
import { type ReviewPlatformArgs } from "./platformArgs";
import { platformShape } from "./platformShapes";
import { createPlanned, resourceOf } from "../core/plannedResources";
import { isPolicyBinding } from "./admission/policyObjects";
import { planPlatform } from "./plan";
import { requireChosenCluster } from "../core/runCluster";
import { withTexts } from "../core/shape";
import { validPlatform } from "./validPlatform";

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
   * @throws RunError with every fault of the arguments, or when no cluster was chosen, before anything
   * is created in a cluster.
   */
  constructor(name: string, args: ReviewPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const plain = withTexts(args, platformShape) as ReviewPlatformArgs;
    const settings = validPlatform(plain);
    super("secure-environment:index:ReviewPlatform", name, plain, opts);
    requireChosenCluster(this, "platform", args);

    const plan = planPlatform(name, settings);
    const resources = createPlanned(this, plan);
    const bindings = plan.filter(isPolicyBinding).map((entry) => resourceOf(entry, resources));

    this.policyNames = onceAllExist(
      pulumi.all(bindings.map((binding) => binding.metadata.name)),
      bindings,
    );
    this.pipelines = onceAllExist(pulumi.output(pipelineIdentities(settings)), [
      ...resources.values(),
    ]);
    this.registerOutputs({ policyNames: this.policyNames, pipelines: this.pipelines });
  }
}
