import { labels } from "#components/core/labels";
import { namespaceLabels } from "#components/core/metadata";
import { type ApiRequest, bent, postRequest } from "../support/apiRequests";
import { walllessFromBefore } from "./aged";
import {
  namespaceObject,
  newDefaultDeny,
  newLimitRange,
  newNamespace,
  newQuota,
} from "./pipelineRequests";
import {
  kept,
  mislabelled,
  stable,
  suffixed,
  unmarked,
  withLimitsOfMemoryOnly,
  withoutDefaultDeny,
  withoutLimitRange,
  withoutQuota,
  withPartialDefaultDeny,
  withQuotaOfPodsOnly,
  withUncountedQuota,
} from "./places";

/** Environments in which a wall is missing or weak. */
export const incompleteEnvironments = [
  withoutDefaultDeny,
  withPartialDefaultDeny,
  withoutQuota,
  withQuotaOfPodsOnly,
  withoutLimitRange,
  withLimitsOfMemoryOnly,
  withUncountedQuota,
];

/** The others are there already. */
const withoutPods = incompleteEnvironments.filter((place) => !walllessFromBefore.includes(place));

/** Environments that a pipeline does not make like this: walls are missing, or the marker is. */
export function incompleteObjects(): ApiRequest[] {
  return [
    postRequest("/api/v1/namespaces", { metadata: { name: unmarked.namespace } }),
    permanentNamespace(),
    bent(newNamespace(kept), { metadata: { labels: { [labels.protect]: "true" } } }),
    ...[mislabelled, suffixed, ...withoutPods].map(newNamespace),
    ...[
      withoutDefaultDeny,
      withPartialDefaultDeny,
      withoutLimitRange,
      withLimitsOfMemoryOnly,
      withUncountedQuota,
    ].map(newQuota),
    ...[
      withoutDefaultDeny,
      withPartialDefaultDeny,
      withoutQuota,
      withQuotaOfPodsOnly,
      withUncountedQuota,
    ].map(newLimitRange),
    ...[
      withoutQuota,
      withQuotaOfPodsOnly,
      withoutLimitRange,
      withLimitsOfMemoryOnly,
      withUncountedQuota,
    ].map(newDefaultDeny),
    bent(newDefaultDeny(withPartialDefaultDeny), {
      spec: { podSelector: { matchLabels: { app: "shop" } } },
    }),
    {
      ...newQuota(withQuotaOfPodsOnly),
      body: { metadata: { name: "environment" }, spec: onlyPods },
    },
    {
      ...newLimitRange(withLimitsOfMemoryOnly),
      body: { metadata: { name: "environment" }, spec: onlyMemory },
    },
  ];
}

/**
 * Keeps the controller of quotas from counting in one environment, as a long queue of others would.
 * A new policy is obeyed a moment late, so it is made long before the environment.
 */
export function countingStops(): ApiRequest[] {
  const path = "/apis/admissionregistration.k8s.io/v1";
  const metadata = { name: "nobody-counts-yet" };
  return [
    postRequest(`${path}/validatingadmissionpolicies`, {
      metadata,
      spec: {
        matchConstraints: {
          resourceRules: [
            {
              apiGroups: [""],
              apiVersions: ["v1"],
              resources: ["resourcequotas/status"],
              operations: ["UPDATE"],
            },
          ],
        },
        validations: [{ expression: `request.namespace != "${withUncountedQuota.namespace}"` }],
      },
    }),
    postRequest(`${path}/validatingadmissionpolicybindings`, {
      metadata,
      spec: { policyName: metadata.name, validationActions: ["Deny"] },
    }),
  ];
}

const onlyPods = { hard: { pods: "10" } };
const onlyMemory = { limits: [{ type: "Container", max: { memory: "1Gi" } }] };

function permanentNamespace(): ApiRequest {
  const { namespace, project, stack } = stable;
  const { apiVersion, kind } = namespaceObject(stable);
  return postRequest("/api/v1/namespaces", {
    apiVersion,
    kind,
    metadata: {
      name: namespace,
      labels: {
        ...namespaceLabels({ kind: "permanent", project, stack }, {}),
        [labels.protect]: "true",
      },
    },
  });
}
