import { labels } from "#components/core/labels";
import {
  corePath,
  deleteRequest,
  patchRequest,
  postRequest,
  seizingRequest,
} from "../support/apiRequests";
import { type Attack, byEach, type Attempt } from "./attack";
import { guests } from "./attackers";
import { protectedNamespaces } from "./reasons";
import { byAccessControl } from "./refusal";
import { login, stable } from "./places";

/** Namespaces that must stay as they are, whoever has the right to change namespaces. */

type ProtectedPlace = readonly [what: string, namespace: string];

const markedPlaces: readonly ProtectedPlace[] = [
  ["staging", "staging"],
  ["a namespace that is marked without a value", "archive"],
  ["a permanent environment", stable.namespace],
];
const listedPlaces: readonly ProtectedPlace[] = [
  ["production", "production"],
  ["a namespace that the platform's arguments list", "payments"],
];

const accidents = ([what, namespace]: ProtectedPlace): readonly Attempt[] => [
  {
    what: `deletes ${what}`,
    harm: "everything in it would be gone",
    request: deleteRequest(corePath({ namespace })),
    refusal: protectedNamespaces.deletion,
  },
  {
    what: `labels ${what}`,
    harm: "network policies of others trust labels",
    request: patchRequest(corePath({ namespace }), { metadata: { labels: { env: "review" } } }),
    refusal: protectedNamespaces.labels,
  },
  {
    what: `labels ${what} by its status`,
    harm: "network policies of others trust labels",
    request: patchRequest(`${corePath({ namespace })}/status`, {
      metadata: { labels: { env: "review" } },
    }),
    refusal: protectedNamespaces.labels,
  },
  {
    what: `seizes a label of ${what} by server-side apply`,
    harm: "network policies of others trust labels",
    request: seizingRequest(corePath({ namespace }), {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespace, labels: { env: "review" } },
    }),
    refusal: protectedNamespaces.labels,
  },
];

/** The namespace as a whole is written by its finalization, so its labels are as well. */
const finalization: Attempt = {
  what: "labels staging by its finalization",
  harm: "network policies of others trust labels",
  request: {
    method: "PUT",
    path: `${corePath({ namespace: "staging" })}/finalize`,
    body: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "staging", labels: { [labels.protect]: "true", env: "review" } },
      spec: { finalizers: ["kubernetes"] },
    },
  },
  refusal: protectedNamespaces.labels,
};

const marked = { "secure-environment/kind": "review", "secure-environment/project": "shop" };
const forgeries: readonly Attempt[] = [
  {
    what: "makes a namespace that is marked as an environment",
    harm: "shop's pipeline could delete what others put there",
    request: postRequest("/api/v1/namespaces", {
      metadata: { name: "review-shop-forged", labels: marked },
    }),
    refusal: protectedNamespaces.marker,
  },
  {
    what: "marks a namespace as shop's environment",
    harm: "shop's pipeline could delete it",
    request: patchRequest(corePath({ namespace: "review-shop-unmarked" }), {
      metadata: { labels: marked },
    }),
    refusal: protectedNamespaces.marker,
  },
  {
    what: "takes the marker off an environment",
    harm: "no guard rail would hold in it",
    request: patchRequest(corePath(login), {
      metadata: { labels: { "secure-environment/kind": null } },
    }),
    refusal: protectedNamespaces.marker,
  },
  {
    what: "lowers Pod Security of an environment",
    harm: "a pod could take over its node",
    request: patchRequest(corePath(login), {
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    }),
    refusal: protectedNamespaces.podSecurity,
  },
  {
    what: "gives an environment to another project",
    harm: "another pipeline could delete it",
    request: patchRequest(corePath(login), {
      metadata: { labels: { "secure-environment/project": "blog" } },
    }),
    refusal: protectedNamespaces.marker,
  },
];

/** Accidents of an operator, and what guests try on purpose. */
export const protectionAttacks: readonly Attack[] = [
  ...[finalization, ...forgeries].flatMap((attempt) => byEach(["operator"], attempt)),
  ...markedPlaces.flatMap(attacksOn),
];

/** The same with what a platform protects by its arguments alone. */
export const listedNamespaceAttacks: readonly Attack[] = listedPlaces.flatMap(attacksOn);

function attacksOn(place: ProtectedPlace): Attack[] {
  return accidents(place).flatMap((attempt) => [
    ...byEach(["operator"], attempt),
    ...(attempt.request.method === "DELETE"
      ? byEach([...guests, "stranger"], { ...attempt, refusal: byAccessControl })
      : []),
  ]);
}
