import { exitCodes, ReviewError } from "../exitCodes";
import { execCredential } from "../signIn/execCredential";
import { hostIdentity } from "../signIn/hostIdentity";

/** For whom a token is asked. */
export interface CredentialOptions {
  readonly audience: string;
}

/**
 * Prints a token of the run for whoever reads the kubeconfig that names this command. Others would have it
 * in the log of a pipeline.
 *
 * @throws ReviewError with 3 when the host offers none.
 */
export async function credential({ audience }: CredentialOptions): Promise<void> {
  if (!process.env.KUBERNETES_EXEC_INFO) {
    const message =
      "`review credential` prints a token, and is for clients of Kubernetes alone, which call it by a kubeconfig.";
    throw new ReviewError(message, exitCodes.usage);
  }
  const identity = hostIdentity();
  if (identity === undefined) {
    const message = "The host of this run offers no identity.";
    throw new ReviewError(message, exitCodes.credentials);
  }
  console.log(JSON.stringify(await execCredential(identity, audience)));
}
