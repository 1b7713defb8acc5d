import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { notSentByAdministrator, notSentByCluster, notSentByListedOperator } from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/**
 * An owner that its dependents block is not gone until they are. The garbage collector goes by the
 * owner's `uid` alone, so an object of an environment could hold the foreground deletion of any
 * object of the cluster: a binding that is revoked, a hole that is closed, another namespace's.
 * See https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion
 */
export function objectsHoldNoOthers(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "objects-hold-no-others",
    isForEnvironments: true,
    rules: [{ apiGroups: ["*"], resources: ["*/*"], operations: ["CREATE", "UPDATE"] }],
    matchConditions: [
      notSentByAdministrator(settings),
      notSentByListedOperator(settings),
      notSentByCluster,
    ],
    validations: [
      {
        expression:
          "object.?metadata.ownerReferences.orValue([]).all(owner, !owner.?blockOwnerDeletion.orValue(false) || " +
          "(oldObject != null && owner in oldObject.?metadata.ownerReferences.orValue([])))",
        message:
          "Owner references of an environment's objects do not say blockOwnerDeletion: true: they would hold whatever has the owner's uid in its deletion. If an operator has to say it, an administrator lists it in operators.",
      },
      {
        expression:
          'request.resource.resource != "statefulsets" || request.?subResource.orValue("") != "" || ' +
          "object.spec.?volumeClaimTemplates.orValue([]).all(claim, " +
          "claim.?metadata.ownerReferences.orValue([]).size() == 0)",
        message:
          "Claim templates of a StatefulSet have no ownerReferences: its controller copies them into the claims.",
      },
    ],
  };
}
