import { releasedFinalizers } from "../../../core/rules";
import { type AdmissionPolicy } from "../validatingAdmissionPolicy";
import { literal } from "../cel";
import { changesMoreThanFinalizers } from "../changes";
import {
  notSentByAdministrator,
  notSentByCluster,
  notSentFromOutside,
  notUpdatedByCluster,
  notSentByPipeline,
} from "../senders";
import { type PlatformSettings } from "../../platformSettings";
import { concernsEnvironmentAccount } from "./serviceAccounts";

/**
 * Walls are written by pipelines, which the fence judges, by administrators and, when a namespace
 * goes, by the cluster itself. A user who was given more rights by mistake moves no wall. A quota is
 * enforced by its status, so the status is a wall too. Of service accounts these are the two that
 * every environment has.
 */
export function onlyPipelinesMoveWalls(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "only-pipelines-move-walls",
    isForEnvironments: true,
    rules: [
      {
        apiGroups: [""],
        resources: ["resourcequotas", "resourcequotas/status", "limitranges", "serviceaccounts"],
        operations: ["CREATE", "UPDATE", "DELETE"],
      },
      {
        apiGroups: ["networking.k8s.io"],
        resources: ["networkpolicies"],
        operations: ["CREATE", "UPDATE", "DELETE"],
      },
      {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["rolebindings"],
        operations: ["CREATE", "UPDATE", "DELETE"],
      },
    ],
    matchConditions: [
      notSentByPipeline(settings),
      notSentByAdministrator(settings),
      notSentByCluster,
      changesMoreThanFinalizers,
    ],
    validations: [
      {
        expression: `request.resource.resource == "serviceaccounts" && !(${concernsEnvironmentAccount})`,
        message:
          "Walls of an environment are moved by its pipeline only: change the arguments of its stack.",
      },
    ],
  };
}

/** Rights in environments are those of the platform's ClusterRoles: there is no Role beside them. */
export function environmentsHaveNoRoles(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "environments-have-no-roles",
    isForEnvironments: true,
    rules: [
      {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["roles"],
        operations: ["CREATE", "UPDATE"],
      },
    ],
    matchConditions: [notSentByAdministrator(settings), changesMoreThanFinalizers],
    validations: [
      {
        expression: "false",
        message: "Environments have no Roles of their own: the platform's ClusterRoles are bound.",
      },
    ],
  };
}

/** Taken off claims by the controller that protects them, and off nothing else. */
const isOfClaim =
  'finalizer == "kubernetes.io/pvc-protection" && request.resource.resource == "persistentvolumeclaims"';

/** Taken off the pods of a Job by its controller, which leaves those of other owners alone. */
const isOfJob =
  'finalizer == "batch.kubernetes.io/job-tracking" && request.resource.resource == "pods" && ' +
  `!(${notSentByCluster.expression}) && object.metadata.?ownerReferences.orValue([]).exists(owner, ` +
  'owner.?controller.orValue(false) && owner.kind == "Job" && owner.apiVersion.startsWith("batch/"))';

/**
 * No client inside an environment holds up its deletion: an object with a finalizer stays until the
 * finalizer is removed, and the namespace stays with it. Controllers copy finalizers from templates, so
 * what they create is judged as well.
 */
export function objectsLetTheirNamespaceGo(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "objects-let-their-namespace-go",
    isForEnvironments: true,
    rules: [{ apiGroups: ["*"], resources: ["*/*"], operations: ["CREATE", "UPDATE"] }],
    matchConditions: [notSentByAdministrator(settings), notUpdatedByCluster, notSentFromOutside],
    validations: [
      {
        expression:
          `object.?metadata.finalizers.orValue([]).all(finalizer, finalizer in ${literal(releasedFinalizers)} || ` +
          `(${isOfClaim}) || (${isOfJob}) || ` +
          "(oldObject != null && finalizer in oldObject.?metadata.finalizers.orValue([])))",
        message:
          "Objects of an environment have no finalizers of their own: they would keep the namespace from being deleted.",
      },
    ],
  };
}
