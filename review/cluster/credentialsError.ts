import { signedInRemedy } from "../signIn/signIn";

/** The API server does not know who asks, or does not let them. */
export class CredentialsError extends Error {
  constructor(readonly status: 401 | 403) {
    super(
      status === 401
        ? "the API server does not take these credentials"
        : "these credentials may not read it",
    );
  }

  /** What is wrong, and what to do. */
  async explained(): Promise<string> {
    const remedy =
      (await signedInRemedy()) ??
      (this.status === 401 ? "See that they are of this cluster, and have not ended." : undefined);
    return remedy === undefined ? this.message : `${this.message}. ${remedy}`;
  }
}
