import { createHash } from "node:crypto";
import { type types } from "@pulumi/kubernetes";
import { type ProjectArgs } from "../platformArgs";
import { pipelineAccount, pipelineNamespace } from "../../core/platformNames";

/** The ClusterRoleBinding for one identity of a pipeline. */
export interface PipelineBinding {
  readonly name: string;
  /** What Pulumi calls it, after the component's own name. */
  readonly child: string;
  readonly subject: types.input.rbac.v1.Subject;
}

/**
 * The bindings of all pipelines, one for each identity and named after it, so that none ever
 * changes: who loses a right loses a whole binding.
 */
export function pipelineBindings(projects: readonly ProjectArgs[]): PipelineBinding[] {
  return projects.flatMap(({ name, pipelineGroup }) => [
    accountBinding(name),
    ...(pipelineGroup === undefined ? [] : [groupBinding(name, pipelineGroup)]),
  ]);
}

function accountBinding(project: string): PipelineBinding {
  const namespace = pipelineNamespace(project);
  const subject = { kind: "ServiceAccount", name: pipelineAccount, namespace };
  return { name: namespace, child: project, subject };
}

/** The name of a group may hold what no name of an object may. */
function groupBinding(project: string, group: string): PipelineBinding {
  const hash = createHash("sha256").update(group, "utf8").digest("hex").slice(0, 10);
  return {
    name: `${pipelineNamespace(project)}-${hash}`,
    child: `${project}-group`,
    subject: { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group },
  };
}
