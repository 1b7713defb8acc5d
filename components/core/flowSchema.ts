import { type types } from "@pulumi/kubernetes";
import { environmentLevelName, flowSchemaPrecedence } from "./platformNames";

/** A user, a group or a service account whose requests a FlowSchema matches. */
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

/**
 * Puts an environment's service accounts into the share of its project. There is one for each
 * environment: a FlowSchema names the accounts of single namespaces, and takes no pattern.
 */
export function environmentFlowSchemaSpec(
  namespace: string,
  project: string,
): types.input.flowcontrol.v1.FlowSchemaSpec {
  return flowSchemaSpec(environmentLevelName(project), [
    groupSubject(serviceAccountGroup(namespace)),
  ]);
}

/** The group that every service account of a namespace is in. */
export function serviceAccountGroup(namespace: string): string {
  return `system:serviceaccounts:${namespace}`;
}
