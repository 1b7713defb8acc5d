import { type types } from "@pulumi/kubernetes";
import { flowSchemaSpec, groupSubject } from "./flowSchemaSpec";

/**
 * The share of an environment's service accounts. There is one for each environment: a FlowSchema
 * names the accounts of single namespaces, and takes no pattern.
 */
export function environmentFlowSchemaSpec(
  namespace: string,
): types.input.flowcontrol.v1.FlowSchemaSpec {
  return flowSchemaSpec([groupSubject(serviceAccountGroup(namespace))]);
}

/** The group that every service account of a namespace is in. */
export function serviceAccountGroup(namespace: string): string {
  return `system:serviceaccounts:${namespace}`;
}
