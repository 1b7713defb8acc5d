import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isUnderPlatform } from "./rbac/boundClusterRoles";
import { isProtected } from "./inside";
import { type Identity, identityLabels } from "../core/metadata";
import { type SecureEnvironmentArgs } from "./secureEnvironmentArgs";
import { environmentFlowSchemaSpec } from "../core/flowSchema";

/**
 * What holds the environment's service accounts to the share of the API server that their
 * project has. Only a platform has such shares. It belongs to the whole cluster, so deleting the namespace
 * leaves it.
 */
export function createFlowSchemas(
  parent: pulumi.Resource,
  name: string,
  args: SecureEnvironmentArgs,
  namespace: pulumi.Input<string>,
  identity: Identity,
): pulumi.Resource[] {
  return isUnderPlatform(args)
    ? [
        new k8s.flowcontrol.v1.FlowSchema(
          `${name}-flow-schema`,
          {
            metadata: { name: namespace, labels: identityLabels(identity) },
            spec: pulumi
              .output(namespace)
              .apply((name) => environmentFlowSchemaSpec(name, identity.project)),
          },
          { parent, protect: isProtected(identity) },
        ),
      ]
    : [];
}
