import { labels } from "#components/core/labels";
import { bent, corePath, patchRequest, seizingRequest } from "../support/apiRequests";
import { type Attack, type Attempt, attemptsBy } from "./attack";
import { describeNamespace, namespaceObject, removeNamespace } from "./pipelineRequests";
import { kept, login, mislabelled, type Place, post, stable, suffixed, unmarked } from "./places";
import { fence, protectedNamespaces } from "./reasons";
import { byPlugin, type Refusal } from "./refusal";

/** What pipelines do to namespaces that are there: relabel, adopt and delete them. */

type LabelRow = readonly [what: string, labels: object, harm: string, refusal: Refusal];

const enforce = "pod-security.kubernetes.io/enforce";

const labelChanges: readonly LabelRow[] = [
  [
    "takes the marker off its environment",
    { [labels.kind]: null },
    "no guard rail would hold",
    fence.identity,
  ],
  [
    "makes its environment permanent",
    { [labels.kind]: "permanent" },
    "no guard rail would hold",
    fence.identity,
  ],
  [
    "gives its environment to blog",
    { [labels.project]: "blog" },
    "blog would answer for it",
    fence.identity,
  ],
  [
    "gives its environment to another stack",
    { [labels.stack]: "review-cart" },
    "two would be cleared away as one",
    fence.stack,
  ],
  [
    "takes Pod Security off its environment",
    { [enforce]: null },
    "a pod could take over its node",
    fence.podSecurity,
  ],
  [
    "lowers Pod Security of its environment",
    { [enforce]: "baseline" },
    "a pod could use the ports of its node",
    fence.podSecurity,
  ],
  [
    "labels its environment as production",
    { env: "production" },
    "production's network policies may trust it",
    fence.labels,
  ],
  [
    "protects its environment from its removal",
    { [labels.protect]: "true" },
    "it would stay for ever",
    fence.labels,
  ],
  [
    "moves its environment to production's nodes",
    { [labels.nodePool]: "production" },
    "its pods would run beside production's",
    fence.pool,
  ],
];

const changes: readonly Attempt[] = [
  ...labelChanges.map(([what, changed, harm, refusal]) => ({
    what,
    harm,
    request: bent(describeNamespace(login), { metadata: { labels: changed } }),
    refusal,
  })),
  {
    what: "sends its environment's pods to production's nodes by an annotation",
    harm: "its pods would run beside production's",
    request: bent(describeNamespace(login), {
      metadata: {
        annotations: { "scheduler.alpha.kubernetes.io/node-selector": "pool=production" },
      },
    }),
    refusal: fence.poolAnnotations,
  },
  {
    what: "keeps its environment from going by a finalizer",
    harm: "it would never go",
    request: bent(describeNamespace(login), { metadata: { finalizers: ["example.com/stuck"] } }),
    refusal: fence.ownership,
  },
];

/** The name with its suffix is as much a name of the one stack as of the other. */
const stackChange: Attempt = {
  what: "gives its environment to a stack that would have the same name",
  harm: "whoever clears away by the stack would miss it",
  request: bent(describeNamespace(suffixed), {
    metadata: { labels: { [labels.stack]: "review-login-x1y2z3" } },
  }),
  refusal: fence.identityStays,
};

const production: Place = { ...login, namespace: "production" };
const staging: Place = { ...login, namespace: "staging" };

const foreign: readonly (readonly [what: string, place: Place, refusal: Refusal])[] = [
  ["a namespace that is named like an environment", unmarked, fence.marker],
  ["a namespace of its name that is another project's", mislabelled, fence.marker],
  ["another project's environment", post, fence.name],
];
const protectedPlaces: readonly (readonly [what: string, place: Place])[] = [
  ["production", production],
  ["staging", staging],
  ["a permanent environment", stable],
];

/** Ways to make an environment of what is none, so that it can be removed as one. */
function adoptions(what: string, { namespace }: Place, refusal: Refusal): Attempt[] {
  const object = namespaceObject({ ...login, namespace });
  const harm = "it could be opened and deleted like an environment";
  return [
    {
      what: `marks ${what} as its environment`,
      harm,
      request: patchRequest(corePath({ namespace }), {
        metadata: { labels: object.metadata.labels },
      }),
      refusal,
    },
    {
      what: `seizes the labels of ${what} by server-side apply`,
      harm,
      request: seizingRequest(corePath({ namespace }), object),
      refusal,
    },
  ];
}

function description(what: string, place: Place, refusal: Refusal): Attempt {
  return {
    what: `describes ${what}`,
    harm: "it would say of what is not its own where it answers",
    request: describeNamespace(place),
    refusal,
  };
}

function removal(what: string, place: Pick<Place, "namespace">, refusal: Refusal): Attempt {
  return {
    what: `deletes ${what}`,
    harm: "everything in it would be gone",
    request: removeNamespace(place),
    refusal,
  };
}

const adopting = [
  ...foreign.flatMap((row) => [...adoptions(...row), description(...row)]),
  ...protectedPlaces.flatMap(([what, place]) => [
    ...adoptions(what, place, protectedNamespaces.fromPipelines),
    description(what, place, fence.name),
  ]),
];

const ofSystem = byPlugin("NamespaceLifecycle", "this namespace may not be deleted");

const removals = [
  ...foreign.map((row) => removal(...row)),
  ...protectedPlaces.map(([what, place]) =>
    removal(what, place, protectedNamespaces.fromPipelines),
  ),
  removal(
    "the platform",
    { namespace: "secure-environment-platform" },
    protectedNamespaces.fromPipelines,
  ),
  removal(
    "its own namespace",
    { namespace: "secure-environment-pipeline-shop" },
    protectedNamespaces.fromPipelines,
  ),
  removal(
    "an environment of its own that an administrator protects",
    kept,
    protectedNamespaces.deletion,
  ),
  removal("kube-system", { namespace: "kube-system" }, ofSystem),
  removal("the default namespace", { namespace: "default" }, ofSystem),
];

/** What the pipeline of shop tries; the others beside it remove what they can. */
export const existingNamespaceAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", describeNamespace(login), [...changes, ...adopting]),
  ...attemptsBy("shopPipeline", describeNamespace(suffixed), [stackChange]),
  ...(
    ["shopPipeline", "shopIdentityProvider", "secondAccount", "almightyPipeline"] as const
  ).flatMap((who) => attemptsBy(who, removeNamespace(login), removals)),
  ...attemptsBy("blogPipeline", describeNamespace(post), [
    ...adoptions("shop's environment", login, fence.name),
    description("shop's environment", login, fence.name),
  ]),
  ...attemptsBy("blogPipeline", removeNamespace(post), [
    removal("shop's environment", login, fence.name),
  ]),
];
