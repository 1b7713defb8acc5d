import { annotations } from "#components/core/labels";
import { corePath, groupPath, patchRequest } from "../support/apiRequests";
import { type Attack, attemptsBy } from "./attack";
import { login } from "./places";
import { fence } from "./reasons";
import { type Refusal } from "./refusal";

/** What pipelines write about walls that are there. */

type Row = readonly [what: string, harm: string, metadata: object, refusal: Refusal];

/** The walls of the environment, by what they are. */
const walls: readonly (readonly [what: string, path: string])[] = [
  ["the quota", `${corePath(login, "resourcequotas")}/environment`],
  ["the limit range", `${corePath(login, "limitranges")}/environment`],
  ["the deployer's account", `${corePath(login, "serviceaccounts")}/deployer`],
  [
    "the network policy default-deny",
    `${groupPath(login, "networking.k8s.io", "networkpolicies")}/default-deny`,
  ],
  [
    "the binding of developers",
    `${groupPath(login, "rbac.authorization.k8s.io", "rolebindings")}/developer`,
  ],
  ["the flow schema", `/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/${login.namespace}`],
];

const owner = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "shop",
  uid: "11111111-1111-1111-1111-111111111111",
};

const rows: readonly Row[] = [
  [
    "a label of others",
    "whatever selects the label would take it for its own",
    { labels: { env: "production" } },
    fence.objectLabels,
  ],
  [
    "an annotation of others",
    "a controller would act for the attacker",
    { annotations: { "example.com/act": "yes" } },
    fence.objectAnnotations,
  ],
  [
    "an owner",
    "the wall would go when a developer deletes a deployment",
    { ownerReferences: [owner] },
    fence.objectOwnership,
  ],
  [
    "a finalizer",
    "its namespace would never go",
    { finalizers: ["example.com/stuck"] },
    fence.objectFinalizers,
  ],
];

const reason = { annotations: { [annotations.reason]: "test data" } };

/** Labels, annotations, owners and finalizers that walls get when they are there. */
export const wallUpdateAttacks: readonly Attack[] = walls.flatMap(([wall, path]) =>
  (["shopPipeline", "secondAccount"] as const).flatMap((who) =>
    attemptsBy(
      who,
      patchRequest(path, { metadata: reason }),
      rows.map(([what, harm, metadata, refusal]) => ({
        what: `gives ${wall} ${what}`,
        harm,
        request: patchRequest(path, { metadata }),
        refusal,
      })),
    ),
  ),
);
