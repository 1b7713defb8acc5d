import { annotations, labels } from "../../../core/labels";
import { type AdmissionPolicy, type Validation } from "../validatingAdmissionPolicy";
import { addedBesideWhere, addsNone, addsOnlyWhere, literal, metadataMap, naming } from "../cel";
import { isListedOfAccount } from "../serviceAccounts";
import { sentByPipeline } from "../senders";
import { type PlatformSettings } from "../../platformSettings";
import { wallKinds } from "./writtenKinds";

const identityKeys = [labels.kind, labels.project, labels.stack];
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
      listValidation("labels", [...identityKeys, ...settings.clusterLabels]),
      {
        expression:
          `namespaceObject == null || ${literal(identityKeys)}.all(key, !(key in ${metadataMap("object", "labels")}) || ` +
          "object.metadata.?labels[?key] == namespaceObject.metadata.?labels[?key])",
        message: "Objects of an environment say the same about it as its namespace does.",
      },
      listValidation(
        "annotations",
        [...annotationKeys, ...settings.clusterAnnotations],
        [isListedOfAccount(settings)],
      ),
      {
        expression: `${addsNone("metadata", "ownerReferences")} && ${addsNone("metadata", "finalizers")}`,
        message:
          "Walls have no owner references and no finalizers: the former let others delete them, the latter keep the namespace from being deleted.",
      },
    ],
  };
}

const settingOf = { labels: "clusterLabels", annotations: "clusterAnnotations" } as const;

function listValidation(
  field: "labels" | "annotations",
  keys: readonly string[],
  others: readonly string[] = [],
): Validation {
  const message = `Objects of an environment have these ${field} at most: ${keys.join(", ")}. What the cluster itself adds, an administrator lists in ${settingOf[field]}.`;
  const condition = [`key in ${literal(keys)}`, ...others].join(" || ");
  return {
    expression: addsOnlyWhere(field, condition),
    message,
    messageExpression: naming(message, addedBesideWhere(field, condition)),
  };
}
