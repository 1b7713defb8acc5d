import { labels } from "#components/labels";
import { namespaceLabels } from "#components/metadata";
import { type ApiRequest, bent, postRequest } from "../../support/apiRequests";
import {
  namespaceObject,
  newDefaultDeny,
  newLimitRange,
  newNamespace,
  newQuota,
} from "./pipelineRequests";
import {
  ajar,
  kept,
  limitless,
  mislabelled,
  open,
  scant,
  slack,
  stable,
  suffixed,
  unbounded,
  unmarked,
} from "./places";

/** Environments in which a wall is missing or weak. */
export const incompleteEnvironments = [open, ajar, unbounded, scant, limitless, slack];

/** Environments that a pipeline does not make like this: walls are missing, or the marker is. */
export function incompleteObjects(): ApiRequest[] {
  return [
    postRequest("/api/v1/namespaces", { metadata: { name: unmarked.namespace } }),
    permanentNamespace(),
    bent(newNamespace(kept), { metadata: { labels: { [labels.protect]: "true" } } }),
    ...[mislabelled, suffixed, ...incompleteEnvironments].map(newNamespace),
    ...[open, ajar, limitless, slack].map(newQuota),
    ...[open, ajar, unbounded, scant].map(newLimitRange),
    ...[unbounded, scant, limitless, slack].map(newDefaultDeny),
    bent(newDefaultDeny(ajar), { spec: { podSelector: { matchLabels: { app: "shop" } } } }),
    { ...newQuota(scant), body: { metadata: { name: "environment" }, spec: onlyPods } },
    { ...newLimitRange(slack), body: { metadata: { name: "environment" }, spec: onlyMemory } },
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
