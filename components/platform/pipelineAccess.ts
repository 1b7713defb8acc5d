import * as pulumi from "@pulumi/pulumi";
import { type Mesh } from "../environment/mesh/meshArgs";
import { type ProjectArgs } from "./platformArgs";
import { createPlanned, resourceOf } from "../core/plannedResources";
import { planPipelineAccess } from "./plan";

/** Arguments of a `PipelineAccess`. */
export interface PipelineAccessArgs {
  /** The projects of the platform. */
  projects: ProjectArgs[];
  /**
   * The service meshes of the platform.
   *
   * Defaults to none.
   */
  meshes?: Mesh[];
  /**
   * The policies that fence the pipelines, such as the output `policyNames` of a `ReviewPlatform`,
   * known only once they have been seen to refuse. Nobody has a right before.
   */
  fence: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Lets the pipelines of projects in. It stands apart from the platform, as somebody has to see the
 * fence refuse in between: the API server takes a moment to obey a new policy. For the same reason
 * it makes the ClusterRole, too: a version that widens it waits for its fence.
 */
export class PipelineAccess extends pulumi.ComponentResource {
  /** The ClusterRole of all pipelines. */
  public readonly clusterRoleName: pulumi.Output<string>;

  constructor(name: string, args: PipelineAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("secure-environment:index:PipelineAccess", name, args, opts);
    const fence = pulumi.output(args.fence);
    const { projects, meshes = [] } = args;
    const [role, ...others] = planPipelineAccess(name, { projects, meshes });
    const resources = createPlanned(this, [role, ...others], { fence });
    this.clusterRoleName = resourceOf(role, resources).metadata.name;
    this.registerOutputs({ clusterRoleName: this.clusterRoleName });
  }
}
