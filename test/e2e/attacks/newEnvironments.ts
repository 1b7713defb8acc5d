import { labels } from "#components/core/labels";
import { bent } from "../support/apiRequests";
import { type Attack, type Attempt, attemptsBy } from "./attack";
import { newNamespace } from "./pipelineRequests";
import { fresh, page } from "./places";
import { fence } from "./reasons";
import { type Refusal } from "./refusal";

/** What pipelines would make instead of an environment: other names, labels and annotations. */

const foreignNames: readonly (readonly [name: string, harm: string])[] = [
  ["production-eu", "it would stand beside production and be taken for it"],
  ["prod", "policies that trust the name would let it in"],
  ["kube-shop", "the prefix is the system's"],
  ["openshift-shop", "the prefix is the system's"],
  ["secure-environment-pipeline-other", "its accounts would be a pipeline's"],
  ["review-blog-fresh", "it would be counted and cleared away as blog's"],
  ["review-fresh", "it would belong to no project"],
  ["review-shop", "it would be no environment of shop's"],
  ["review-shopping-fresh", "it would be in the prefix of a project that starts with shop"],
  ["shop-fresh", "it would be named like a permanent environment"],
];

type LabelRow = readonly [what: string, labels: object, harm: string, refusal: Refusal];

const podSecurity = "pod-security.kubernetes.io/";
const takesNodes = "a pod could take over its node";

const forgedLabels: readonly LabelRow[] = [
  [
    "labelled as production",
    { env: "production" },
    "production's network policies may trust it",
    fence.labels,
  ],
  [
    "labelled for production's monitoring",
    { "monitoring.example.com/scrape": "true" },
    "whatever selects the label would reach in",
    fence.labels,
  ],
  [
    "exempt from another admission controller",
    { "admission.gatekeeper.sh/ignore": "yes" },
    "other guards would look away",
    fence.labels,
  ],
  [
    "marked as protected",
    { "secure-environment/protect": "true" },
    "nobody could remove it",
    fence.labels,
  ],
  [
    "in a mesh of others",
    { "istio-injection": "enabled" },
    "it would get a proxy's privileges",
    fence.labels,
  ],
  [
    "of another project",
    { [labels.project]: "blog" },
    "blog's pipeline would own it",
    fence.identity,
  ],
  ["of no project", { [labels.project]: null }, "nobody would own it", fence.identity],
  ["without the marker", { [labels.kind]: null }, "no guard rail would hold in it", fence.identity],
  [
    "marked as permanent",
    { [labels.kind]: "permanent" },
    "no guard rail would hold in it",
    fence.identity,
  ],
  ["of no stack", { [labels.stack]: null }, "nobody could clear it away", fence.stack],
  [
    "of another stack",
    { [labels.stack]: "review-cart" },
    "two would be cleared away as one",
    fence.stack,
  ],
  [
    "in a pool for production",
    { [labels.nodePool]: "production" },
    "its pods would crowd production out",
    fence.pool,
  ],
  ["in no pool", { [labels.nodePool]: null }, "its pods would run on any node", fence.pool],
  ["without Pod Security", { [`${podSecurity}enforce`]: null }, takesNodes, fence.podSecurity],
  [
    "with privileged Pod Security",
    { [`${podSecurity}enforce`]: "privileged" },
    takesNodes,
    fence.podSecurity,
  ],
  [
    "with baseline Pod Security",
    { [`${podSecurity}enforce`]: "baseline" },
    takesNodes,
    fence.podSecurity,
  ],
  [
    "with Pod Security of an old version",
    { [`${podSecurity}enforce-version`]: "v1.24" },
    "probes would reach whatever the node reaches",
    fence.podSecurity,
  ],
  [
    "with Pod Security of no version",
    { [`${podSecurity}enforce-version`]: null },
    "what is enforced would depend on the cluster",
    fence.podSecurity,
  ],
];

type AnnotationRow = readonly [what: string, key: string, harm: string, refusal: Refusal];

const forgedAnnotations: readonly AnnotationRow[] = [
  [
    "whose pods select production's nodes",
    "scheduler.alpha.kubernetes.io/node-selector",
    "its pods would run beside production's",
    fence.poolAnnotations,
  ],
  [
    "whose pods tolerate everything",
    "scheduler.alpha.kubernetes.io/defaultTolerations",
    "its pods would run on any node",
    fence.poolAnnotations,
  ],
  [
    "with a node selector of OpenShift",
    "openshift.io/node-selector",
    "its pods would run beside production's",
    fence.annotations,
  ],
  [
    "injected by a mesh",
    "linkerd.io/inject",
    "it would get a proxy's privileges",
    fence.annotations,
  ],
  [
    "that a controller reads",
    "example.com/owner",
    "a controller would act for the attacker",
    fence.annotations,
  ],
];

const owner = {
  apiVersion: "v1",
  kind: "Node",
  name: "production-1",
  uid: "11111111-1111-1111-1111-111111111111",
};

const ownershipRows: readonly (readonly [what: string, harm: string, changes: object])[] = [
  ["with a finalizer", "it would never go", { metadata: { finalizers: ["example.com/stuck"] } }],
  [
    "with a finalizer of its content",
    "it would never go",
    { spec: { finalizers: ["example.com/stuck"] } },
  ],
  [
    "that belongs to another object",
    "the garbage collector would remove it, or keep its owner",
    { metadata: { ownerReferences: [owner] } },
  ],
];

const names = foreignNames.map(([name, harm]) =>
  making(`named ${name}`, harm, { metadata: { name } }, fence.name),
);

const attempts: readonly Attempt[] = [
  ...names,
  ...["prod-", "review-blog-", "review-"].map((generateName) =>
    making(
      `whose name is made up after ${generateName}`,
      "a check of the asked name would see none",
      { metadata: { name: null, generateName } },
      fence.name,
    ),
  ),
  ...forgedLabels.map(([what, forged, harm, refusal]) =>
    making(what, harm, { metadata: { labels: forged } }, refusal),
  ),
  ...forgedAnnotations.map(([what, key, harm, refusal]) =>
    making(what, harm, { metadata: { annotations: { [key]: "pool=production" } } }, refusal),
  ),
  ...ownershipRows.map(([what, harm, changes]) => making(what, harm, changes, fence.ownership)),
];

/** What the pipeline of shop tries; the others beside it try the names. */
export const newEnvironmentAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", newNamespace(fresh), attempts),
  ...(["shopIdentityProvider", "secondAccount", "almightyPipeline"] as const).flatMap((who) =>
    attemptsBy(who, newNamespace(fresh), names),
  ),
  ...attemptsBy("blogPipeline", newNamespace(page), [
    {
      what: "makes an environment of shop",
      harm: "it would be counted and cleared away as shop's",
      request: newNamespace(fresh),
      refusal: fence.name,
    },
  ]),
];

function making(what: string, harm: string, changes: object, refusal: Refusal): Attempt {
  const request = bent(newNamespace(fresh), changes);
  return { what: `makes a namespace ${what}`, harm, request, refusal };
}
