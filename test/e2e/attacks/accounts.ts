import { bent, corePath, patchRequest } from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { guests } from "./attackers";
import { newAccount } from "./guestRequests";
import { newDeployerAccount, newDeployerToken } from "./pipelineRequests";
import { bare, login, post } from "./places";
import { fence, guardRails } from "./reasons";
import { byAccessControl } from "./refusal";

/** Service accounts and their tokens. */

const accountAttempts: readonly Attempt[] = [
  {
    what: "gives the token of the deployer to pods",
    harm: "a hole in the application would deploy",
    request: bent(newDeployerAccount(bare), { automountServiceAccountToken: true }),
    refusal: fence.accountToken,
  },
  {
    what: "leaves open whether pods get the deployer's token",
    harm: "they would get it",
    request: bent(newDeployerAccount(bare), { automountServiceAccountToken: null }),
    refusal: fence.accountToken,
  },
  {
    what: "lists a secret in the deployer's account",
    harm: "a lasting token would look as if it belonged there",
    request: bent(newDeployerAccount(bare), { secrets: [{ name: "token" }] }),
    refusal: fence.accountSecrets,
  },
  {
    what: "gives pods of the deployer's account a registry's password",
    harm: "they would pull what nobody let them pull",
    request: bent(newDeployerAccount(bare), { imagePullSecrets: [{ name: "registry" }] }),
    refusal: fence.accountSecrets,
  },
];

const defaultAccount = `${corePath(login, "serviceaccounts")}/default`;
const noToken = patchRequest(defaultAccount, { automountServiceAccountToken: false });
const defaultAttempts: readonly Attempt[] = [
  {
    what: "gives tokens to pods that ask for no account",
    harm: "a hole in the application would reach the API server",
    request: patchRequest(defaultAccount, { automountServiceAccountToken: true }),
    refusal: fence.accountToken,
  },
];

const application = newAccount(login);
const standingApplication = `${corePath(login, "serviceaccounts")}/shop`;

/** What a chart asks for: accounts beside the environment's own. */
const chartAttempts: readonly Attempt[] = [
  {
    what: "makes an account that gives its token to pods",
    harm: "a hole in the application would reach the API server",
    request: bent(application, { automountServiceAccountToken: true }),
    refusal: guardRails.accountToken,
  },
  {
    what: "makes an account that leaves open whether pods get its token",
    harm: "they would get it",
    request: bent(application, { automountServiceAccountToken: null }),
    refusal: guardRails.accountToken,
  },
  {
    what: "makes an account that lists a secret",
    harm: "a lasting token would look as if it belonged there",
    request: bent(application, { secrets: [{ name: "token" }] }),
    refusal: guardRails.accountSecrets,
  },
];
const labelledApplication = patchRequest(standingApplication, { metadata: { labels: { a: "b" } } });
const chartUpdateAttempts: readonly Attempt[] = [
  {
    what: "gives pods the token of an account that is there",
    harm: "a hole in the application would reach the API server",
    request: patchRequest(standingApplication, { automountServiceAccountToken: true }),
    refusal: guardRails.accountToken,
  },
  {
    what: "lists a secret in an account that is there",
    harm: "a lasting token would look as if it belonged there",
    request: patchRequest(standingApplication, { secrets: [{ name: "token" }] }),
    refusal: guardRails.accountSecrets,
  },
];
const accountWriters = ["deployer", "misboundAdmin", "misboundClusterAdmin"] as const;

const token = newDeployerToken(login);
const tenYears = 10 * 365 * 24 * 3600;

const tokenAttempts: readonly Attempt[] = [
  {
    what: "mints a token of the pods' account",
    harm: "whatever the account gets later would be theirs",
    request: newDeployerToken(login, "default"),
    refusal: fence.tokenAccount,
  },
  {
    what: "mints a token of ten years",
    harm: "it would outlive everything that could take it back",
    request: bent(token, { spec: { expirationSeconds: tenYears } }),
    refusal: fence.tokenLife,
  },
  {
    what: "mints a token for another audience",
    harm: "a vault or a cloud would take it for its own",
    request: bent(token, { spec: { audiences: ["vault"] } }),
    refusal: fence.tokenAudience,
  },
  {
    what: "mints a token for the API server and another audience",
    harm: "a vault or a cloud would take it for its own",
    request: bent(token, {
      spec: { audiences: ["https://kubernetes.default.svc.cluster.local", "sts.amazonaws.com"] },
    }),
    refusal: fence.tokenAudience,
  },
];

const foreignTokens: readonly (readonly [what: string, namespace: string, account: string])[] = [
  ["production's pods", "production", "default"],
  ["the system's controllers", "kube-system", "namespace-controller"],
  ["the platform's verifier", "secure-environment-platform", "verifier"],
  ["blog's pipeline", "secure-environment-pipeline-blog", "pipeline"],
  ["its own pipeline, for ever", "secure-environment-pipeline-shop", "pipeline"],
  ["another project's deployer", post.namespace, "deployer"],
];

const foreignTokenAttempts: readonly Attempt[] = foreignTokens.map(([what, namespace, name]) => ({
  what: `mints a token of ${what}`,
  harm: "whatever the account may would be theirs",
  request: newDeployerToken({ namespace }, name),
  refusal: name === "deployer" ? fence.foreignPlace : fence.tokenAnywhere,
}));

const withoutAccounts = guests.filter((who) => who !== "deployer");

/** Accounts and tokens that pipelines and guests want. */
export const accountAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", newDeployerAccount(bare), accountAttempts),
  ...attemptsBy("shopPipeline", noToken, defaultAttempts),
  ...(["shopPipeline", "secondAccount", "almightyPipeline"] as const).flatMap((who) =>
    attemptsBy(who, token, [...tokenAttempts, ...foreignTokenAttempts]),
  ),
  ...byEach(guests, {
    what: "mints a token of the deployer",
    harm: "it would outlive the access of whoever asked",
    request: token,
    refusal: byAccessControl,
  }),
  ...byEach(guests, {
    what: "mints a token of the pods' account",
    harm: "whatever the account gets later would be theirs",
    request: newDeployerToken(login, "default"),
    refusal: byAccessControl,
  }),
  ...byEach(guests, {
    what: "mints a token of its project's pipeline",
    harm: "every environment of the project would be theirs",
    request: newDeployerToken({ namespace: "secure-environment-pipeline-shop" }, "pipeline"),
    refusal: byAccessControl,
  }),
  ...accountWriters.flatMap((who) => [
    ...attemptsBy(who, application, chartAttempts),
    ...attemptsBy(who, labelledApplication, chartUpdateAttempts),
  ]),
  ...byEach(withoutAccounts, {
    what: "makes a service account",
    harm: "it would be one that nobody bound and nobody counts",
    request: bent(newDeployerAccount(login), { metadata: { name: "robot" } }),
    refusal: byAccessControl,
  }),
];
