import { annotations, labels } from "../../labels";
import { type AdmissionPolicy, type ResourceRule } from "../admissionPolicy";
import { addsNone, addsOnly, literal, metadataMap } from "../cel";
import { sentByPipeline } from "../identities";
import { type PlatformSettings } from "../platformSettings";
import { meshKinds } from "./meshKinds";

const labelKeys = [labels.kind, labels.project, labels.stack];
const annotationKeys = [annotations.expiresAt, annotations.reason];

/**
 * Objects inside an environment say whose they are and why they are there, and no more: clouds give
 * rights by annotations of service accounts, and garbage collection deletes by owner references.
 * What somebody else has set may stay.
 */
export function pipelinesWritePlainMetadata(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pipelines-write-plain-metadata",
    rules: [
      written("", "resourcequotas", "limitranges", "serviceaccounts"),
      written("networking.k8s.io", "networkpolicies"),
      written("rbac.authorization.k8s.io", "rolebindings"),
      written("flowcontrol.apiserver.k8s.io", "flowschemas"),
      ...meshKinds(settings.meshes).map((kind) => {
        const [group = "", resource = ""] = kind.split("/");
        return written(group, resource);
      }),
    ],
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

function written(group: string, ...resources: string[]): ResourceRule {
  return { apiGroups: [group], resources, operations: ["CREATE", "UPDATE"] };
}
