import { objectNames, shownWords } from "secure-environment/core";
import { messageOf } from "secure-environment-kubernetes";
import { type Cluster } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import { send } from "./requests";

/** A token of the environment's deployer. */
export interface DeployerToken {
  readonly token: string;
  /** RFC 3339, UTC; the API server decides. */
  readonly expiresAt: string;
}

interface TokenRequest {
  readonly status?: { readonly token?: string; readonly expirationTimestamp?: string };
}

/** Kubernetes makes no token that ends earlier, in milliseconds. */
export const shortestLife = 600_000;

/** Who needs one for longer asks again: a token cannot be taken back. In milliseconds. */
const longestLife = 86_400_000;

/**
 * Refuses lives that no token may have.
 *
 * @throws ReviewError that says which it may have.
 */
export function requireTokenLife(milliseconds: number): void {
  if (milliseconds < shortestLife || milliseconds > longestLife) {
    const message = "--duration is the life of a token: from 10m to 24h.";
    throw new ReviewError(message, exitCodes.usage);
  }
}

/**
 * Asks for a token of the service account that deploys into the environment. It may do nothing
 * outside, and ends by itself.
 *
 * @param life in milliseconds.
 * @throws ReviewError with 3 when these credentials may not ask for it.
 */
export async function deployerToken(
  cluster: Cluster,
  namespace: string,
  life: number,
): Promise<DeployerToken> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${objectNames.deployer}/token`;
  const { status, body } = await send<TokenRequest>(cluster, "POST", path, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: Math.ceil(life / 1_000) },
  });
  const { token, expirationTimestamp: expiresAt } = body?.status ?? {};
  if (status === 201 && token !== undefined && expiresAt !== undefined) {
    return { token, expiresAt };
  }
  const reason = status === 201 ? "there is none in the answer" : shownWords(messageOf(body));
  throw refusal(status, `No token of the deployer of ${namespace} was made: ${reason}.`);
}

function refusal(status: number, fault: string): ReviewError {
  switch (status) {
    case 403:
      return new ReviewError(
        `${fault} The project's pipeline and administrators may ask for it. Developers use credentials of their own: \`review kubeconfig --developer\` writes a kubeconfig for them.`,
        exitCodes.credentials,
      );
    case 404:
      return new ReviewError(
        `${fault} The environment is not whole; \`review up\` makes what is missing.`,
        exitCodes.failed,
      );
    default:
      return new ReviewError(
        `${fault} HTTP status ${status}. Once it is mended, try again.`,
        exitCodes.failed,
      );
  }
}
