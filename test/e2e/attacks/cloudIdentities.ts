import { bent, corePath, patchRequest } from "../support/apiRequests";
import { type Attack, type Attempt, attemptsBy } from "./attack";
import { podWithToken } from "./guestRequests";
import { type Passage } from "./passage";
import { newDeployerAccount } from "./pipelineRequests";
import { bare, cloudAudience, cloudIdentity, login } from "./places";
import { fence } from "./reasons";
import { byOneOf } from "./refusal";

/** What pods of an environment are for a cloud. */

const annotating = (key: string, value: string) => ({
  metadata: { annotations: { [key]: value } },
});
const listed = annotating(cloudIdentity.key, cloudIdentity.value);
const account = bent(newDeployerAccount(bare), listed);

/** What administrators have listed. */
export const cloudIdentityPassages: readonly Passage[] = [
  {
    what: "the deployer runs a pod with a token for the cloud",
    by: "deployer",
    request: podWithToken(login, cloudAudience),
  },
  {
    what: "the pipeline makes a service account that is what is listed for the cloud",
    by: "shopPipeline",
    request: account,
  },
];

const others: readonly (readonly [what: string, key: string, value: string])[] = [
  ["production in AWS", cloudIdentity.key, "arn:aws:iam::123456789012:role/production"],
  ["one with more behind a listed role's name", cloudIdentity.key, `${cloudIdentity.value}er`],
  ["a listed role, by a key that is not", "iam.gke.io/gcp-service-account", cloudIdentity.value],
  ["somebody in Azure", "azure.workload.identity/client-id", "production"],
];

const attempts = others.map(([what, key, value]): Attempt => ({
  what: `makes a service account that is ${what}`,
  harm: "every pod with the account could be that one outside the cluster",
  request: bent(account, annotating(key, value)),
  refusal: fence.objectAnnotations,
}));

const ofDeployer = `${corePath(login, "serviceaccounts")}/deployer`;

/** What is not listed, and what is listed on an object that is no service account. */
export const cloudIdentityAttacks: readonly Attack[] = [
  ...(["shopPipeline", "secondAccount"] as const).flatMap((who) => [
    ...attemptsBy(who, account, attempts),
    ...attemptsBy(who, patchRequest(ofDeployer, listed), [
      {
        what: "makes the deployer's account production in AWS",
        harm: "every pod with the account could be that one outside the cluster",
        request: patchRequest(ofDeployer, annotating(cloudIdentity.key, "production")),
        refusal: fence.objectAnnotations,
      },
    ]),
  ]),
  {
    who: "misboundAdmin",
    what: "makes a service account that is production in AWS",
    harm: "every pod with the account could be that one outside the cluster",
    request: bent(newDeployerAccount(login), {
      metadata: { name: "robot", annotations: { [cloudIdentity.key]: "production" } },
    }),
    refusal: byOneOf("only-pipelines-move-walls", "objects-have-plain-annotations"),
    twin: { by: "shopPipeline", request: account },
  },
];
