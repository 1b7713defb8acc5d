import * as pulumi from "@pulumi/pulumi";
import { type Mesh } from "../environment/mesh/meshArgs";
import { pipelineBindings } from "./rbac/pipelineBindings";
import { type ProjectArgs } from "./platformArgs";
import { platformRoleNames } from "../core/platformNames";
import { createClusterRoleBinding, createPipelineRole } from "./rbac/clusterRoleResources";

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
    const fenced = pulumi.output(args.fence).apply(() => platformRoleNames.pipeline);
    const role = createPipelineRole(`${name}-role`, fenced, args, { parent: this });
    for (const { name: objectName, child, subject } of pipelineBindings(args.projects)) {
      createClusterRoleBinding(
        `${name}-${child}`,
        { name: objectName, clusterRole: role.metadata.name, subject },
        { parent: this },
      );
    }
    this.clusterRoleName = role.metadata.name;
    this.registerOutputs({ clusterRoleName: this.clusterRoleName });
  }
}
