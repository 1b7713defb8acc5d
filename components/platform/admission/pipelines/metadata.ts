import { annotations, labels } from "../../../core/labels";
import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { addsNone, addsOnly, literal, metadataMap } from "../cel";
import { sentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";
import { wallKinds } from "./writtenKinds";

const labelKeys = [labels.kind, labels.project, labels.stack];
const annotationKeys = [annotations.expiresAt, annotations.reason];

/**
 * Objects inside an environment say whose they are and why they are there, and no more: clouds give
 * rights by annotations of service accounts, and garbage collection deletes by owner references.
 * What another client has set may stay.
 */
export function pipelinesWritePlainMetadata(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-write-plain-metadata",
    rules: wallKinds(settings.meshes).map(({ apiGroup, resources }) => ({
      apiGroups: [apiGroup],
      resources,
      operations: ["CREATE", "UPDATE"],
    })),
    matchConditions: [sentByPipeline(settings)],
    validations: [
      {
        expression: addsOnly("labels", labelKeys),
        message: `Objects of an environment have these labels at most: ${labelKeys.join(", ")}.`,
      },
      {
        expression:
          `namespaceObject == null || ${literal(labelKeys)}.all(key, !(key in ${metadataMap("object", "labels")}) || ` +
          "object.metadata.?labels[?key] == namespaceObject.metadata.?labels[?key])",
        message: "Objects of an environment say the same about it as its namespace does.",
      },
      {
        expression: addsOnly("annotations", annotationKeys),
        message: `Objects of an environment have these annotations at most: ${annotationKeys.join(", ")}.`,
      },
      {
        expression: `${addsNone("metadata", "ownerReferences")} && ${addsNone("metadata", "finalizers")}`,
        message:
          "Walls have no owner references and no finalizers: the former let others delete them, the latter keep the namespace from being deleted.",
      },
    ],
  };
}
