import { type ApiRequest, bent, corePath, patchRequest } from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { guests } from "./attackers";
import { describeNamespace, newNamespace, removeNamespace } from "./pipelineRequests";
import { login } from "./places";
import { fence, protectedNamespaces } from "./reasons";
import { byAccessControl, type Refusal } from "./refusal";
import { administeredLabels } from "./standing";

/** The namespace of an environment, which is a wall as well, and whoever wants it otherwise. */

/** Why somebody is refused whom RBAC lets do anything, and why a pipeline is. */
type Row = readonly [
  what: string,
  harm: string,
  request: ApiRequest,
  refusal: Refusal,
  fenced?: Refusal,
];

const namespace = corePath(login);
const status = `${namespace}/status`;

function withMetadata(path: string, metadata: object): ApiRequest {
  return patchRequest(path, { metadata });
}

/** The namespace as it is, but for what is said here, to be written by its finalization. */
function finalization(labels: object, finalizers: readonly string[]): ApiRequest {
  const { body = {} } = bent(newNamespace(login), {
    metadata: { labels: { ...administeredLabels, "secure-environment/owner": null, ...labels } },
    spec: { finalizers },
  });
  return { method: "PUT", path: `${namespace}/finalize`, body };
}

const privileged = { labels: { "pod-security.kubernetes.io/enforce": "privileged" } };
const asProduction = { labels: { env: "production" } };
const unmarked = { "secure-environment/kind": null };

const rows: readonly Row[] = [
  [
    "takes Pod Security off the namespace",
    "a pod could take over its node",
    withMetadata(namespace, privileged),
    protectedNamespaces.podSecurity,
    fence.podSecurity,
  ],
  [
    "takes Pod Security off the namespace by its status",
    "a pod could take over its node",
    withMetadata(status, privileged),
    protectedNamespaces.podSecurity,
    fence.otherKind,
  ],
  [
    "takes the marker off the namespace by its status",
    "no guard rail would hold",
    withMetadata(status, { labels: unmarked }),
    protectedNamespaces.marker,
    fence.otherKind,
  ],
  [
    "takes the marker off the namespace by its finalization",
    "no guard rail would hold",
    finalization(unmarked, ["kubernetes"]),
    protectedNamespaces.marker,
    fence.otherKind,
  ],
  [
    "labels the namespace as production",
    "production's network policies may trust it",
    withMetadata(namespace, asProduction),
    protectedNamespaces.namespace,
    fence.labels,
  ],
  [
    "labels the namespace as production by its status",
    "production's network policies may trust it",
    withMetadata(status, asProduction),
    protectedNamespaces.namespace,
    fence.otherKind,
  ],
  [
    "takes a label off the namespace that is no marker",
    "whatever goes by it would overlook the environment",
    withMetadata(namespace, { labels: { team: null } }),
    protectedNamespaces.namespace,
  ],
  [
    "annotates the namespace",
    "controllers of others do what annotations say",
    withMetadata(namespace, {
      annotations: { "scheduler.alpha.kubernetes.io/node-selector": "" },
    }),
    protectedNamespaces.namespace,
    fence.poolAnnotations,
  ],
  [
    "puts a finalizer on the namespace",
    "the environment would never go",
    withMetadata(namespace, { finalizers: ["example.com/stuck"] }),
    protectedNamespaces.holders,
    fence.ownership,
  ],
  [
    "puts a finalizer on the namespace by its status",
    "the environment would never go",
    withMetadata(status, { finalizers: ["example.com/stuck"] }),
    protectedNamespaces.holders,
    fence.otherKind,
  ],
  [
    "gives the namespace an owner that is none",
    "the garbage collector would delete the environment",
    withMetadata(namespace, {
      ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "gone", uid: "gone" }],
    }),
    protectedNamespaces.holders,
    fence.ownership,
  ],
  [
    "finalizes the namespace, so that it goes before what is in it",
    "what is in it would stay where nobody looks, and never stop",
    finalization({}, []),
    protectedNamespaces.finalization,
    fence.otherKind,
  ],
];

const removal: Attempt = {
  what: "deletes the namespace",
  harm: "everything in it would be gone",
  request: removeNamespace(login),
  refusal: byAccessControl,
};

/** By guests, by those whom RBAC lets do it, and by a pipeline that it lets do anything. */
export const namespaceWallAttacks: readonly Attack[] = [
  ...rows.flatMap(([what, harm, request, refusal, fenced]) => [
    ...byEach(guests, { what, harm, request, refusal: byAccessControl }),
    ...byEach(["misboundClusterAdmin", "operator"], { what, harm, request, refusal }),
    ...(fenced === undefined
      ? []
      : attemptsBy("almightyPipeline", describeNamespace(login), [
          { what, harm, request, refusal: fenced },
        ])),
  ]),
  ...byEach(guests, removal),
];
