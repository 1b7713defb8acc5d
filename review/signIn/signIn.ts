import { type ReviewSettings } from "../settings/reviewSettings";
import { type SignIn } from "../settings/signIn";
import { type HostIdentity, hostIdentity } from "./hostIdentity";
import { useKubeconfig, useRunKubeconfig } from "./runKubeconfig";
import { claimsOf } from "./token";

interface SignedIn {
  readonly identity: HostIdentity;
  readonly signIn: SignIn;
}

let signedIn: SignedIn | undefined;

/**
 * Signs the run of a pipeline in to the cluster: by the content of a kubeconfig in REVIEW_KUBECONFIG, as a
 * host keeps secrets; else, where the settings say how, as who its host says it is. A cluster that somebody
 * chose goes first.
 */
export function signIn({ signIn: how, configuration }: ReviewSettings): void {
  const { KUBECONFIG, REVIEW_KUBECONFIG: content } = process.env;
  const isChosen = [
    KUBECONFIG,
    configuration["kubernetes:context"],
    configuration["kubernetes:kubeconfig"],
  ].some((choice) => choice !== undefined && choice !== "");
  if (isChosen) {
    return;
  }
  if (content) {
    delete process.env.REVIEW_KUBECONFIG;
    useKubeconfig(content);
    return;
  }
  const identity = hostIdentity();
  if (how === undefined || identity === undefined) {
    return;
  }
  useRunKubeconfig(how);
  signedIn = { identity, signIn: how };
  console.error(
    `Signing in to ${how.server} as this run of ${identity.host}, for ${how.audience}.`,
  );
}

/** The claims by which runs are told apart; none is secret. */
const shownClaims = [
  "iss",
  "aud",
  "repository_id",
  "repository_owner_id",
  "workflow_ref",
  "event_name",
  "project_id",
  "ci_config_ref_uri",
  "pipeline_source",
  "ref_path",
  "ref",
  "ref_protected",
  "environment",
] as const;

/** What to do when the cluster refuses a run that has signed in; `undefined` where it has not. */
export async function signedInRemedy(): Promise<string | undefined> {
  if (signedIn === undefined) {
    return undefined;
  }
  const { identity, signIn: how } = signedIn;
  const claims = claimsOf(await identity.token(how.audience));
  const shown = shownClaims
    .filter((claim) => claims[claim] !== undefined)
    .map((claim) => `${claim} ${JSON.stringify(claims[claim])}`);
  return `The token of this run says ${shown.join(", ")}: compare it with the AuthenticationConfiguration of the API server, as docs/sign-in.md of secure-environments explains it.`;
}
