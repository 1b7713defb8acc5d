import { labels } from "../../core/labels";
import { podSecurityLabels } from "../../core/metadata";
import {
  type AdmissionPolicy,
  type NamedExpression,
  type ResourceRule,
} from "./validatingAdmissionPolicy";
import { addsNone, literal, metadataMap, metadataValue, patternOf } from "./cel";
import {
  notSentByAdministrator,
  notSentByCluster,
  notSentByOperator,
  notSentByPipeline,
} from "./senders";
import { type PlatformSettings } from "../platformSettings";

/** Labels can be changed through subresources of a namespace as well. */
const namespaces = (operations: ResourceRule["operations"]): ResourceRule => ({
  apiGroups: [""],
  resources: ["namespaces", "namespaces/status", "namespaces/finalize"],
  operations,
});

/** The labels by which namespaces are told to be what they are. */
const markerPrefix = labels.kind.slice(0, labels.kind.indexOf("/") + 1);
const isMarker = `key.startsWith(${literal(markerPrefix)})`;
const isPodSecurityLabel = `key in ${literal(Object.keys(podSecurityLabels))}`;

const labelsBeforeAndAfter: readonly NamedExpression[] = [
  {
    name: "before",
    expression: `oldObject == null ? {} : ${metadataMap("oldObject", "labels")}`,
  },
  { name: "after", expression: metadataMap("object", "labels") },
];

/**
 * What a namespace is in the platform's eyes is said by pipelines, which the fence judges, and by
 * administrators. Otherwise any user who may label a namespace could lift the guard rails from an
 * environment, or hand production to a pipeline.
 */
export function markersAreNotForged(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "markers-are-not-forged",
    rules: [namespaces(["CREATE", "UPDATE"])],
    matchConditions: [notSentByPipeline(settings), notSentByAdministrator(settings)],
    variables: labelsBeforeAndAfter,
    validations: [
      {
        expression: sameWhere(isMarker),
        message: `Labels that begin with ${markerPrefix} are set and changed by pipelines of environments and by administrators only.`,
      },
      {
        expression: `!(${literal(labels.kind)} in variables.before) || ${sameWhere(isPodSecurityLabel)}`,
        message: "The Pod Security level of an environment is changed by administrators only.",
      },
    ],
  };
}

/**
 * The namespace of an environment is one of its walls: a finalizer keeps it from going, an owner that
 * is gone takes it away, network policies of others trust its labels, and without the API server's
 * own finalizer it goes before what is in it. Of its markers `markersAreNotForged` has the say.
 */
export function environmentsKeepTheirNamespace(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "environments-keep-their-namespace",
    rules: [namespaces(["UPDATE"])],
    matchConditions: [
      notSentByPipeline(settings),
      notSentByAdministrator(settings),
      notSentByOperator(settings),
      notSentByCluster,
      { name: "concerns-an-environment", expression: isReviewNamespace },
    ],
    variables: labelsBeforeAndAfter,
    validations: [
      {
        expression: `${addsNone("metadata", "finalizers")} && ${addsNone("metadata", "ownerReferences")}`,
        message:
          "Finalizers and owners of an environment's namespace are added by operators and administrators only.",
      },
      {
        expression: `(${sameWhere(`!(${isMarker} || ${isPodSecurityLabel})`)}) && ${metadataMap("object", "annotations")} == ${metadataMap("oldObject", "annotations")}`,
        message:
          "Labels and annotations of an environment's namespace are changed by its pipeline, by operators and administrators only.",
      },
      {
        expression: "object.?spec == oldObject.?spec",
        message:
          "An environment's namespace is finalized by the cluster, by operators and administrators only: it goes when everything in it is gone.",
      },
    ],
  };
}

const isReviewNamespace = `${metadataValue("oldObject", "labels", labels.kind)} == "review"`;

/**
 * Protected namespaces are deleted and relabelled by administrators alone: other people's network
 * policies and tools trust labels, and an accident with either takes everything down.
 */
export function protectedNamespacesStay(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "protected-namespaces-stay",
    rules: [namespaces(["UPDATE", "DELETE"])],
    matchConditions: [
      notSentByAdministrator(settings),
      { name: "concerns-a-protected-namespace", expression: isProtected(settings) },
    ],
    validations: [
      {
        expression: 'request.operation != "DELETE"',
        message: `This namespace is PROTECTED: its deletion takes down everything in it. Only administrators delete it. If it must go, an administrator removes the label ${labels.protect} or the namespace from the platform's list first.`,
      },
      {
        expression: `request.operation == "DELETE" || ${metadataMap("object", "labels")} == ${metadataMap("oldObject", "labels")}`,
        message:
          "This namespace is PROTECTED: its labels say who may reach it and what may run in it. Only administrators change them.",
      },
    ],
  };
}

/** Environments of branches come and go, also where holes to them are closed by a pattern. */
function isProtected({ protectedNamespaces }: PlatformSettings): string {
  const isMarked = `${literal(labels.protect)} in ${metadataMap("oldObject", "labels")}`;
  const isListed = `oldObject.metadata.name.matches(${literal(patternOf(protectedNamespaces))})`;
  return protectedNamespaces.length === 0
    ? isMarked
    : `${isMarked} || (!(${isReviewNamespace}) && ${isListed})`;
}

function sameWhere(condition: string): string {
  const unchanged = "variables.before[?key] == variables.after[?key]";
  return `variables.after.all(key, !(${condition}) || ${unchanged}) && variables.before.all(key, !(${condition}) || ${unchanged})`;
}
