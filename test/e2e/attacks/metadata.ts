import { labels } from "#components/core/labels";
import { type ApiRequest, bent } from "../support/apiRequests";
import { type Attack, type Sin, sinsAgainst } from "./attack";
import {
  newBinding,
  newDefaultDeny,
  newDeployerAccount,
  newLimitRange,
  newQuota,
} from "./pipelineRequests";
import { bare } from "./places";
import { fence } from "./reasons";
import { type Refusal } from "./refusal";

/** What pipelines write about the objects of their environments. */

/** Objects, and the policy by which each of them has no other name. */
const objects: readonly (readonly [what: string, request: ApiRequest, namedBy: Refusal])[] = [
  ["a quota", newQuota(bare), fence.quotaName],
  ["a limit range", newLimitRange(bare), fence.limitRangeName],
  ["a network policy", newDefaultDeny(bare), fence.networkWall],
  ["a service account", newDeployerAccount(bare), fence.accountName],
  ["a binding", newBinding(bare), fence.role],
];

const owner = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  name: "shop",
  uid: "11111111-1111-1111-1111-111111111111",
};

type NameSin = readonly [what: string, harm: string, metadata: object];
type MetadataSin = readonly [...NameSin, refusal: Refusal];

const everySin: readonly MetadataSin[] = [
  [
    "with a finalizer",
    "its namespace would never go",
    { finalizers: ["example.com/stuck"] },
    fence.objectOwnership,
  ],
  [
    "that belongs to another object",
    "the wall would go when a developer deletes a deployment",
    { ownerReferences: [owner] },
    fence.objectOwnership,
  ],
  [
    "with a label of others",
    "whatever selects the label would take it for its own",
    { labels: { env: "production" } },
    fence.objectLabels,
  ],
  [
    "that says it is another project's",
    "it would be cleared away by others",
    { labels: { [labels.project]: "blog" } },
    fence.objectIdentity,
  ],
  [
    "with an annotation of others",
    "a controller would act for the attacker",
    { annotations: { "example.com/act": "yes" } },
    fence.objectAnnotations,
  ],
];

const otherNames: readonly NameSin[] = [
  ["under another name", "nobody would look for it", { name: "hidden" }],
  [
    "under a name made up",
    "nobody would look for it",
    { name: null, generateName: "environment-" },
  ],
];

const cloudIdentities: readonly (readonly [cloud: string, key: string])[] = [
  ["AWS", "eks.amazonaws.com/role-arn"],
  ["Google Cloud", "iam.gke.io/gcp-service-account"],
  ["Azure", "azure.workload.identity/client-id"],
];

const cloudIdentitySins = cloudIdentities.map(([cloud, key]): Sin => ({
  what: `makes a service account that is somebody in ${cloud}`,
  harm: "every pod could be that one outside the cluster",
  request: bent(newDeployerAccount(bare), { metadata: { annotations: { [key]: "deployer" } } }),
  refusal: fence.objectAnnotations,
}));

/** Labels, annotations, owners, finalizers and names beside the closed lists. */
export const metadataAttacks: readonly Attack[] = (
  ["shopPipeline", "secondAccount"] as const
).flatMap((who) => [
  ...objects.flatMap(([what, legitimate, namedBy]) =>
    sinsAgainst(who, legitimate, [
      ...everySin.map(([sin, harm, metadata, refusal]) =>
        withMetadata(what, legitimate, [sin, harm, metadata], refusal),
      ),
      ...otherNames.map((sin) => withMetadata(what, legitimate, sin, namedBy)),
    ]),
  ),
  ...sinsAgainst(who, newDeployerAccount(bare), cloudIdentitySins),
]);

function withMetadata(
  what: string,
  legitimate: ApiRequest,
  [sin, harm, metadata]: NameSin,
  refusal: Refusal,
): Sin {
  return { what: `makes ${what} ${sin}`, harm, request: bent(legitimate, { metadata }), refusal };
}
