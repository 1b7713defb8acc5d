import { type AdmissionPolicy } from "../admissionPolicy";
import { isUnchanged, literal, metadataMap } from "../cel";
import { changesAny } from "../changes";
import { notSentByOperator, notUpdatedByCluster } from "../identities";

/**
 * Goes before the class of the specification, so that an empty one is none.
 * See https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class
 */
const classAnnotation = "volume.beta.kubernetes.io/storage-class";

/**
 * Claims get volumes of their own. One that chooses a volume takes what is there, with the data of
 * whoever had it before. Controllers make claims from templates, so what they create is judged as
 * well; later they name the volume.
 */
export const claimsTakeFreshVolumes: AdmissionPolicy = {
  name: "claims-take-fresh-volumes",
  isForEnvironments: true,
  rules: [
    {
      apiGroups: [""],
      resources: ["persistentvolumeclaims"],
      operations: ["CREATE", "UPDATE"],
    },
  ],
  matchConditions: [
    notUpdatedByCluster,
    notSentByOperator,
    changesAny("spec", "metadata.annotations"),
  ],
  validations: [
    {
      expression:
        'object.spec.?volumeName.orValue("") == (oldObject == null ? "" : oldObject.spec.?volumeName.orValue(""))',
      message: "Volume claims of an environment name no volume: they get a new one.",
    },
    {
      expression: '!has(object.spec.selector) && object.spec.?storageClassName.orValue("") != ""',
      message:
        "Volume claims of an environment have a storage class and no selector: without a class, or with a selector, they take a volume that is there.",
    },
    {
      expression: `[${literal(classAnnotation)}].all(key, !(key in ${metadataMap("object", "annotations")}) || (${isUnchanged("annotations")}))`,
      message: `Volume claims of an environment have no annotation ${classAnnotation}: it goes before storageClassName, which is judged.`,
    },
  ],
};
