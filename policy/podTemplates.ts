import { unreadable } from "secure-environment-isolation";
import { apiGroupOf } from "./apiGroup";
import { type Field, fieldAt, fieldBelow, fieldsAt } from "./fields";
import { type KubernetesObject } from "./kubernetesObject";

/** A pod, or what pods are made from. */
export interface PodTemplate {
  /** The pod's metadata. */
  readonly metadata: Field;
  /** The pod's specification. */
  readonly spec: Field;
}

/** Where the pod template is, by group and kind; a pod is its own. Of old groups there are classes still. */
const templatePaths: Readonly<Record<string, string>> = {
  "/Pod": "",
  "/PodTemplate": "template",
  "/ReplicationController": "spec.template",
  "apps/DaemonSet": "spec.template",
  "apps/Deployment": "spec.template",
  "apps/ReplicaSet": "spec.template",
  "apps/StatefulSet": "spec.template",
  "batch/CronJob": "spec.jobTemplate.spec.template",
  "batch/Job": "spec.template",
  "extensions/DaemonSet": "spec.template",
  "extensions/Deployment": "spec.template",
  "extensions/ReplicaSet": "spec.template",
};

/** The pod template of a workload of Kubernetes; `undefined` for other kinds. */
export function podTemplateOf(object: KubernetesObject): PodTemplate | undefined {
  const path = templatePaths[`${apiGroupOf(object.apiVersion)}/${object.kind}`];
  if (path === undefined) {
    return undefined;
  }
  const root: Field = { property: "", value: object.properties };
  const template = path === "" ? root : fieldAt(root, path);
  return { metadata: fieldBelow(template, "metadata"), spec: fieldBelow(template, "spec") };
}

/** The lists of containers that a pod may have. */
export const containerLists = ["containers", "initContainers", "ephemeralContainers"] as const;

/** The containers that are known. */
export function containersOf(
  { spec }: PodTemplate,
  lists: readonly string[] = containerLists,
): readonly Field[] {
  return lists
    .flatMap((list) => fieldsAt(spec, `${list}[]`))
    .filter(({ value }) => value !== unreadable);
}
