import { environmentFlowSchemaSpec } from "../core/flowSchema";
import { identityLabels } from "../core/metadata";
import { type KubernetesObject, valueOf } from "../core/plan";
import { type ResolvedEnvironment } from "./resolvedEnvironment";

/**
 * What holds the environment's service accounts to the share of the API server that their
 * project has. Only a platform has such shares.
 */
export function flowSchemaObjects({
  isUnderPlatform,
  identity,
}: ResolvedEnvironment): KubernetesObject[] {
  return isUnderPlatform
    ? [
        {
          apiVersion: "flowcontrol.apiserver.k8s.io/v1",
          kind: "FlowSchema",
          metadata: { name: valueOf("namespaceName"), labels: identityLabels(identity) },
          spec: valueOf("namespaceName", (namespace: string) =>
            environmentFlowSchemaSpec(namespace, identity.project),
          ),
        },
      ]
    : [];
}
