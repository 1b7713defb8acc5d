import { type ApiRequest, bent, corePath, patchRequest } from "../support/apiRequests";
import { type Attack, attemptsBy } from "./attack";
import { newConfigMap, newIngress } from "./guestRequests";
import { type Passage } from "./passage";
import {
  describeNamespace,
  newBinding,
  newDefaultDeny,
  newDeployerAccount,
  newLimitRange,
  newNamespace,
  newQuota,
} from "./pipelineRequests";
import { bare, clusterKeys, fresh, login } from "./places";
import { fence } from "./reasons";

/** What the cluster's own webhooks and policies write comes under the name of whose request it is. */

const written = {
  metadata: {
    labels: { [clusterKeys.label]: "42" },
    annotations: { [clusterKeys.annotation]: "42" },
  },
};
const annotated = { metadata: { annotations: { [clusterKeys.annotation]: "42" } } };

const byPipeline: readonly (readonly [what: string, request: ApiRequest])[] = [
  ["a new namespace", newNamespace(fresh)],
  ["a namespace that is there", describeNamespace(login)],
  ["a quota", newQuota(bare)],
  ["a limit range", newLimitRange(bare)],
  ["a network policy", newDefaultDeny(bare)],
  ["a service account", newDeployerAccount(bare)],
  ["a binding", newBinding(bare)],
  ["a quota that is there", patchRequest(`${corePath(login, "resourcequotas")}/environment`, {})],
];

/** What is listed passes, wherever it is written. */
export const clusterWriterPassages: readonly Passage[] = [
  ...byPipeline.map(([what, request]) => ({
    what: `something adds what is listed to ${what}`,
    by: "shopPipeline" as const,
    request: bent(request, written),
  })),
  {
    what: "something adds what is listed to an object of the application",
    by: "deployer",
    request: bent(newConfigMap(login), annotated),
  },
  {
    what: "something adds what is listed to an ingress",
    by: "deployer",
    request: bent(newIngress(login), annotated),
  },
];

/** What is not listed does not pass beside it. */
export const clusterWriterAttacks: readonly Attack[] = (
  ["shopPipeline", "secondAccount"] as const
).flatMap((who) =>
  (
    [
      ["a namespace", bent(newNamespace(fresh), written), fence.labels, fence.annotations],
      ["a quota", bent(newQuota(bare), written), fence.objectLabels, fence.objectAnnotations],
    ] as const
  ).flatMap(([what, legitimate, labelled, annotatedBy]) =>
    attemptsBy(who, legitimate, [
      {
        what: `labels ${what} as production beside what the cluster adds`,
        harm: "production's network policies may trust it",
        request: bent(legitimate, { metadata: { labels: { env: "production" } } }),
        refusal: labelled,
      },
      {
        what: `labels ${what} with a key that begins as a listed one`,
        harm: "whatever selects the label would take it for its own",
        request: bent(legitimate, { metadata: { labels: { [`${clusterKeys.label}-of`]: "x" } } }),
        refusal: labelled,
      },
      {
        what: `annotates ${what} beside what the cluster adds`,
        harm: "a controller would act for the attacker",
        request: bent(legitimate, { metadata: { annotations: { "example.com/act": "yes" } } }),
        refusal: annotatedBy,
      },
    ]),
  ),
);
