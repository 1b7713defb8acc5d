import { type types } from "@pulumi/kubernetes";
import { flowSchemaPrecedence } from "./platformNames";

/** Somebody whose requests a FlowSchema is about. */
export type FlowSchemaSubject = types.input.flowcontrol.v1.Subject;

/**
 * Puts all requests of the subjects into a share of the API server, each user into queues of their
 * own.
 * See https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
export function flowSchemaSpec(
  priorityLevel: string,
  subjects: readonly FlowSchemaSubject[],
): types.input.flowcontrol.v1.FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: priorityLevel },
    matchingPrecedence: flowSchemaPrecedence,
    distinguisherMethod: { type: "ByUser" },
    rules: [
      {
        subjects: [...subjects],
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

/** A group as the subject of a FlowSchema. */
export function groupSubject(name: string): FlowSchemaSubject {
  return { kind: "Group", group: { name } };
}
