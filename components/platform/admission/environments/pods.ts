import { labels } from "../../../core/labels";
import {
  maximumGraceSeconds,
  meshTokenAudiences,
  projectedSources,
  singleNodeLabels,
  toleratedConditions,
} from "../../../core/rules";
import {
  type AdmissionPolicy,
  type ResourceRule,
  type Validation,
} from "../validatingAdmissionPolicy";
import { literal, metadataValue, naming } from "../cel";
import { priorityClassName } from "../../../core/platformNames";
import { changesAny } from "../changes";
import {
  isSentByScheduler,
  notSentByCluster,
  notSentByNode,
  notSentByOperator,
  notSentByScheduler,
  notUpdatedByCluster,
} from "../senders";
import { type PlatformSettings } from "../../platformSettings";

/** Controllers make pods from templates, so pods are judged whichever user or controller creates them. */
const podRule = (...operations: ResourceRule["operations"]): ResourceRule => ({
  apiGroups: [""],
  resources: ["pods"],
  operations,
});

/**
 * The scheduler chooses the nodes of pods, among those of the environment's pool if it has one, and
 * displaces no pod of others for them.
 */
export function podsStayOnTheirNodes(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pods-stay-on-their-nodes",
    isForEnvironments: true,
    rules: [podRule("CREATE", "UPDATE")],
    matchConditions: [notSentByNode, notUpdatedByCluster, changesAny("spec")],
    variables: [
      { name: "pool", expression: metadataValue("namespaceObject", "labels", labels.nodePool) },
    ],
    validations: [
      {
        expression: 'request.operation != "CREATE" || !has(object.spec.nodeName)',
        message: "Pods of an environment name no node: the scheduler chooses it.",
      },
      tolerationValidation,
      poolValidation,
      selectionValidation,
      affinityValidation,
      priorityValidation(settings),
    ],
  };
}

/** A pod that names no class has the cluster's default one, and the API server writes that into it. */
function priorityValidation({ maximumPodPriority }: PlatformSettings): Validation {
  const message = `Pods of an environment have a priority of ${maximumPodPriority} at most: higher ones displace pods of others. Name a lower class, such as priorityClassName: ${priorityClassName}, or have an administrator raise maximumPodPriority.`;
  const found =
    'string(object.spec.?priority.orValue(0)) + " by " + ' +
    'object.spec.?priorityClassName.optMap(name, "the PriorityClass " + name).orValue("no PriorityClass")';
  return {
    expression: `object.spec.?priority.orValue(0) <= ${maximumPodPriority}`,
    message,
    messageExpression: naming(message, found),
  };
}

/**
 * Taints keep pods off the nodes of others, and off those that are drained or have no network yet.
 */
const tolerationValidation: Validation = {
  expression:
    "object.spec.?tolerations.orValue([]).all(toleration, " +
    `${literal(toleratedConditions)}.exists(condition, toleration.?key.orValue("") == condition.key && toleration.?effect.orValue("") == condition.effect) || ` +
    `(variables.pool != "" && toleration.?key.orValue("") == ${literal(labels.nodePool)} && toleration.?operator.orValue("Equal") == "Equal" && toleration.?value.orValue("") == variables.pool))`,
  message: `Pods of an environment tolerate ${toleratedConditions.map(({ key, effect }) => `${key}:${effect}`).join(", ")} and the taint ${labels.nodePool} of their own pool, and nothing else.`,
};

const poolValidation: Validation = {
  expression: `variables.pool == "" || object.spec.?nodeSelector[?${literal(labels.nodePool)}].orValue("") == variables.pool`,
  message: `Pods of this environment select the nodes of its pool: nodeSelector has ${labels.nodePool} with the value of the same label of the namespace.`,
};

const namesNode = (term: string) =>
  `${term}.?matchFields.orValue([]).size() > 0 || ` +
  `${term}.?matchExpressions.orValue([]).exists(wanted, wanted.key in ${literal(singleNodeLabels)})`;

/** A node is chosen by its name in its labels and fields as well. */
const selectionValidation: Validation = {
  expression:
    `object.spec.?nodeSelector.orValue({}).all(key, !(key in ${literal(singleNodeLabels)})) && ` +
    "object.spec.?affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.orValue([]).all(term, " +
    `!(${namesNode("term")})) && ` +
    "object.spec.?affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution.orValue([]).all(weighted, " +
    `!(${namesNode("weighted.preference")}))`,
  message: `Pods of an environment choose no single node: neither by matchFields nor by ${singleNodeLabels.join(", ")}.`,
};

const isOfOwnPods = (term: string) =>
  `!has(${term}.namespaceSelector) && ${term}.?namespaces.orValue([]).all(name, name == request.namespace)`;

/** Anti-affinity holds both ways: pods of others would get no node where one of these runs. */
const affinityValidation: Validation = {
  expression:
    '["podAffinity", "podAntiAffinity"].all(kind, ' +
    "object.spec.?affinity[?kind].requiredDuringSchedulingIgnoredDuringExecution.orValue([]).all(term, " +
    `${isOfOwnPods("term")}) && ` +
    "object.spec.?affinity[?kind].preferredDuringSchedulingIgnoredDuringExecution.orValue([]).all(weighted, " +
    `${isOfOwnPods("weighted.podAffinityTerm")}))`,
  message:
    "Pods of an environment have affinity to pods of their own namespace only: otherwise they keep those of others off their nodes.",
};

/**
 * A pod that is told to end does so before the run that removes the environment gives up. An
 * eviction deletes the pod, with no further request that could be judged.
 */
export const podsEndInTime: AdmissionPolicy = {
  name: "pods-end-in-time",
  isForEnvironments: true,
  rules: [
    podRule("CREATE", "DELETE"),
    { apiGroups: [""], resources: ["pods/eviction"], operations: ["CREATE"] },
  ],
  matchConditions: [notSentByNode],
  validations: [
    {
      expression: `object == null || object.?spec.terminationGracePeriodSeconds.orValue(0) <= ${maximumGraceSeconds}`,
      message: `Pods of an environment have a terminationGracePeriodSeconds of ${maximumGraceSeconds} at most: they would keep the namespace from being deleted.`,
    },
    {
      expression: `(object == null ? request.?options : object.?deleteOptions).gracePeriodSeconds.orValue(0) <= ${maximumGraceSeconds}`,
      message: `Pods of an environment are told to end within ${maximumGraceSeconds} seconds: no later request would shorten it, that of their namespace's deletion included.`,
    },
  ],
};

/** Pods have no token for the API server, whatever their service account says. */
export function podsHoldNoApiTokens({ meshes, tokenAudiences }: PlatformSettings): AdmissionPolicy {
  const ofMeshes = meshes.flatMap((mesh): readonly string[] => meshTokenAudiences[mesh]);
  const audiences = [...ofMeshes, ...tokenAudiences];
  const listed = audiences.length === 0 ? "" : ` but for ${audiences.join(", ")}`;
  return {
    name: "pods-hold-no-api-tokens",
    isForEnvironments: true,
    rules: [podRule("CREATE")],
    matchConditions: [notSentByNode],
    validations: [
      {
        expression:
          "object.spec.?volumes.orValue([]).all(volume, volume.?projected.sources.orValue([]).all(source, " +
          `!has(source.serviceAccountToken) || source.serviceAccountToken.?audience.orValue("") in ${literal(audiences)}))`,
        message: `Pods of an environment hold no token of a service account${listed}: leave out automountServiceAccountToken and volumes with serviceAccountToken. Whom else tokens may be for, such as a cloud, an administrator lists in tokenAudiences.`,
      },
      {
        expression:
          "object.spec.?volumes.orValue([]).all(volume, volume.?projected.sources.orValue([]).all(source, " +
          `source.all(type, type in ${literal(projectedSources)})))`,
        message: `Projected volumes of an environment's pods have these sources: ${projectedSources.join(", ")}. A podCertificate would be a pod's identity for the API server.`,
      },
    ],
  };
}

/** Otherwise a pod runs an image of another environment, without its password, from the node. */
export const podsPullTheirImages: AdmissionPolicy = {
  name: "pods-pull-their-images",
  isForEnvironments: true,
  rules: [
    podRule("CREATE"),
    { apiGroups: [""], resources: ["pods/ephemeralcontainers"], operations: ["UPDATE"] },
  ],
  matchConditions: [notSentByNode],
  validations: [
    {
      expression: ["containers", "initContainers", "ephemeralContainers"]
        .map(
          (field) =>
            `object.spec.?${field}.orValue([]).all(container, container.?imagePullPolicy.orValue("") == "Always")`,
        )
        .join(" && "),
      message:
        "Containers of an environment say imagePullPolicy: Always; kubectl debug takes --image-pull-policy=Always.",
    },
    {
      expression:
        'object.spec.?volumes.orValue([]).all(volume, !has(volume.image) || volume.image.?pullPolicy.orValue("") == "Always")',
      message: "Image volumes of an environment say pullPolicy: Always.",
    },
  ],
};

/** By the subresource, or by the older resource that is a binding itself. */
const isBinding =
  '(request.resource.resource == "bindings" || request.?subResource.orValue("") == "binding")';

/**
 * A request that the API server forwards to a pod for a user comes from the API server, and so passes
 * network policies. The binding of a pod is its scheduler's.
 */
export function podsAreReachedByTheirNetwork(settings: PlatformSettings): AdmissionPolicy {
  const placement =
    "Pods of an environment are placed by the cluster's scheduler, which is system:kube-scheduler or in kube-system. If another one places them, an administrator lists its user in schedulers.";
  return {
    name: "pods-are-reached-by-their-network",
    isForEnvironments: true,
    rules: [
      {
        apiGroups: [""],
        resources: ["pods/proxy", "services/proxy"],
        operations: ["CONNECT"],
      },
      { apiGroups: [""], resources: ["bindings", "pods/binding"], operations: ["CREATE"] },
    ],
    matchConditions: [notSentByCluster],
    validations: [
      {
        expression: isBinding,
        message: "Pods of an environment are reached by its network only.",
      },
      {
        expression: `!${isBinding} || ${isSentByScheduler(settings)}`,
        message: placement,
        messageExpression: naming(placement, "request.userInfo.username"),
      },
    ],
  };
}

/** Services take the addresses of their pods from what the status says. Network plugins write it too. */
export function podsAreReportedOnByTheCluster(settings: PlatformSettings): AdmissionPolicy {
  return {
    name: "pods-are-reported-on-by-the-cluster",
    isForEnvironments: true,
    rules: [{ apiGroups: [""], resources: ["pods/status"], operations: ["UPDATE"] }],
    matchConditions: [notSentByCluster, notSentByOperator(settings), notSentByScheduler(settings)],
    validations: [
      {
        expression: "false",
        message:
          "The status of pods of an environment is written by kubelets, controllers, schedulers and network plugins.",
      },
    ],
  };
}
