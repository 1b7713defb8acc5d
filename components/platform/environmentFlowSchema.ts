import { type types } from "@pulumi/kubernetes";
import { flowSchemaSpec, groupSubject } from "./flowSchemaSpec";
import { environmentLevelName } from "./platformNames";

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
