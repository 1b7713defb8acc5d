import { type AdmissionPolicy } from "../admissionPolicy";
import { notSentByOperator, notUpdatedByCluster } from "../identities";

/**
 * Claims get volumes of their own. One that chooses a volume takes what is there, with the data of
 * whoever had it before. Controllers make claims from templates, so what they create is judged as
 * well; later they name the volume.
 */
export const claimsTakeFreshVolumes: AdmissionPolicy = {
  name: "claims-take-fresh-volumes",
  scope: "reviewNamespaces",
  rules: [
    {
      apiGroups: [""],
      resources: ["persistentvolumeclaims"],
      operations: ["CREATE", "UPDATE"],
    },
  ],
  matchConditions: [notUpdatedByCluster, notSentByOperator],
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
  ],
};
