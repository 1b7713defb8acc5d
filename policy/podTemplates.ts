import { isMissing, unreadable } from "secure-environment/core";
import { type Field, fieldAt, fieldBelow, fieldsAt } from "./fields";
import { apiGroupOf, isOfKind } from "./kinds";
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

/**
 * The metadata of the object, and of all that controllers make from it: pods, jobs and volume claims.
 */
export function metadataFieldsOf(object: KubernetesObject): readonly Field[] {
  const own: Field = { property: "metadata", value: object.properties["metadata"] };
  const template = podTemplateOf(object);
  const ofPods =
    template === undefined || template.metadata.property === "metadata" ? [] : [template.metadata];
  const ofJobs = isOfKind(object, { batch: ["CronJob"] })
    ? [fieldAt({ property: "", value: object.properties }, "spec.jobTemplate.metadata")]
    : [];
  const ofClaims = claimTemplatesOf(object, template).map((claim) => fieldBelow(claim, "metadata"));
  return [own, ...ofJobs, ...ofPods, ...ofClaims];
}

/** The object, if it is a volume claim, or the volume claims that are made from it. */
export function claimsOf(object: KubernetesObject): readonly Field[] {
  return isOfKind(object, { "": ["PersistentVolumeClaim"] })
    ? [{ property: "", value: object.properties }]
    : claimTemplatesOf(object, podTemplateOf(object));
}

function claimTemplatesOf(
  object: KubernetesObject,
  template: PodTemplate | undefined,
): readonly Field[] {
  const root: Field = { property: "", value: object.properties };
  const ofSets = isOfKind(object, { apps: ["StatefulSet"] })
    ? fieldsAt(root, "spec.volumeClaimTemplates[]")
    : [];
  const ofPods =
    template === undefined
      ? []
      : fieldsAt(template.spec, "volumes[].ephemeral.volumeClaimTemplate");
  return [...ofSets, ...ofPods].filter(({ value }) => !isMissing(value));
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
