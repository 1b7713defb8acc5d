import { exitCodes, ReviewError } from "../exitCodes";
import { type HostIdentity } from "./hostIdentity";
import { claimsOf } from "./token";

/** See https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
export interface ExecCredential {
  readonly apiVersion: "client.authentication.k8s.io/v1";
  readonly kind: "ExecCredential";
  readonly status: { readonly token: string; readonly expirationTimestamp: string };
}

/** How long before its end a token is taken for a new one, in milliseconds. */
const margin = 30_000;

/**
 * A token of the run, as clients of Kubernetes take it from a command.
 *
 * @throws ReviewError with 3 when the host gives none that is good.
 */
export async function execCredential(
  identity: HostIdentity,
  audience: string,
  now = Date.now(),
): Promise<ExecCredential> {
  const token = await identity.token(audience);
  const { exp } = claimsOf(token);
  if (typeof exp !== "number") {
    const message = `What ${identity.host} gave this run is no token that says when it ends.`;
    throw new ReviewError(message, exitCodes.credentials);
  }
  const left = exp * 1_000 - now;
  if (left <= 0) {
    throw new ReviewError(endedMessage(identity, exp), exitCodes.credentials);
  }
  // A request that is on its way takes time, and clocks differ: whoever can, asks again before the end.
  const early = identity.isRenewable ? Math.min(margin, left / 2) : 0;
  const expirationTimestamp = new Date(now + left - early).toISOString();
  return {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token, expirationTimestamp },
  };
}

function endedMessage({ host, isRenewable }: HostIdentity, exp: number): string {
  const fault = `The token that ${host} gave this run ended at ${new Date(exp * 1_000).toISOString()}.`;
  return isRenewable
    ? `${fault} See that the clock of this machine is right.`
    : `${fault} GitLab makes it for as long as the job may take, and for 5 minutes where the job has no \`timeout\`: give it one.`;
}
