import { type types } from "@pulumi/kubernetes";
import { flowSchemaPrecedence, priorityLevelName } from "./platformNames";

/**
 * Puts all requests of an environment's service accounts into the share of the API server that
 * environments have together, each account into a queue of its own. There is one for each
 * environment: a FlowSchema names the accounts of single namespaces, and takes no pattern.
 * See https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
export function environmentFlowSchemaSpec(
  namespace: string,
): types.input.flowcontrol.v1.FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: priorityLevelName },
    matchingPrecedence: flowSchemaPrecedence,
    distinguisherMethod: { type: "ByUser" },
    rules: [
      {
        subjects: [{ kind: "Group", group: { name: `system:serviceaccounts:${namespace}` } }],
        resourceRules: [
          {
            verbs: ["*"],
            apiGroups: ["*"],
            resources: ["*"],
            clusterScope: true,
            namespaces: ["*"],
          },
        ],
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      },
    ],
  };
}
