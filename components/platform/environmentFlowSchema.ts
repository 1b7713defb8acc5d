import { type types } from "@pulumi/kubernetes";
import { flowSchemaSpec } from "./apiShare";
import { serviceAccountGroup } from "./platformSettings";

/**
 * Puts all requests of an environment's service accounts into the share of the API server that
 * environments have together. There is one for each environment: a FlowSchema names the accounts of
 * single namespaces, and takes no pattern.
 */
export function environmentFlowSchemaSpec(
  namespace: string,
): types.input.flowcontrol.v1.FlowSchemaSpec {
  return flowSchemaSpec([{ kind: "Group", group: { name: serviceAccountGroup(namespace) } }]);
}
