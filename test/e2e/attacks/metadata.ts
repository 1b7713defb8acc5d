import { labels } from "#components/core/labels";
import { type ApiRequest, bent } from "../support/apiRequests";
import { type Attack, type Attempt, attemptsBy } from "./attack";
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

type NameAttempt = readonly [what: string, harm: string, metadata: object];
type MetadataAttempt = readonly [...NameAttempt, refusal: Refusal];

const everyAttempt: readonly MetadataAttempt[] = [
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

const otherNames: readonly NameAttempt[] = [
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

const cloudIdentityAttempts = cloudIdentities.map(([cloud, key]): Attempt => ({
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
    attemptsBy(who, legitimate, [
      ...everyAttempt.map(([attempt, harm, metadata, refusal]) =>
        withMetadata(what, legitimate, [attempt, harm, metadata], refusal),
      ),
      ...otherNames.map((attempt) => withMetadata(what, legitimate, attempt, namedBy)),
    ]),
  ),
  ...attemptsBy(who, newDeployerAccount(bare), cloudIdentityAttempts),
]);

function withMetadata(
  what: string,
  legitimate: ApiRequest,
  [attempt, harm, metadata]: NameAttempt,
  refusal: Refusal,
): Attempt {
  return {
    what: `makes ${what} ${attempt}`,
    harm,
    request: bent(legitimate, { metadata }),
    refusal,
  };
}
