import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes, ReviewError } from "../exitCodes";

/** Who a run of a pipeline is, as the host of its repository attests it. */
export interface HostIdentity {
  readonly host: "GitHub" | "GitLab";
  /** Whether each token that is asked for is a new one. */
  readonly isRenewable: boolean;
  /**
   * A token that says so, a JSON Web Token.
   *
   * @param audience whom it is for; GitLab has made it before the run began, for whom the job names.
   * @throws ReviewError with 3 when the host gives none.
   */
  token(audience: string): Promise<string>;
}

/** The identity that the host offers to this run; `undefined` where it offers none, as on a person's machine. */
export function hostIdentity(environment = process.env): HostIdentity | undefined {
  const {
    ACTIONS_ID_TOKEN_REQUEST_URL: url,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: key,
    REVIEW_ID_TOKEN: token,
  } = environment;
  if (url && key) {
    return {
      host: "GitHub",
      isRenewable: true,
      token: (audience) => githubToken(url, key, audience),
    };
  }
  return token
    ? { host: "GitLab", isRenewable: false, token: () => Promise.resolve(token) }
    : undefined;
}

/** How often GitHub is asked, how long each answer may take, and how long to wait between, in milliseconds. */
const attempts = 4;
const patience = 10_000;
const pause = 500;

/** https://docs.github.com/en/actions/reference/security/oidc */
async function githubToken(url: string, key: string, audience: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask(url, key, audience);
    if (typeof answer !== "string" || attempt === attempts) {
      return tokenIn(answer);
    }
    await sleep(pause * 2 ** attempt);
  }
}

/** What GitHub says, or why it may say something else the next time. */
async function ask(url: string, key: string, audience: string): Promise<object | string> {
  try {
    const address = new URL(url);
    address.searchParams.set("audience", audience);
    const response = await fetch(address, {
      headers: { authorization: `bearer ${key}`, accept: "application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(patience),
    });
    const { status } = response;
    return status === 200
      ? ((await response.json()) as object)
      : status >= 500 || status === 429
        ? `HTTP status ${status}`
        : { status };
  } catch (error) {
    return (error as { cause?: { code?: string } }).cause?.code ?? "no answer";
  }
}

function tokenIn(answer: object | string): string {
  const { value, status } = answer as { readonly value?: unknown; readonly status?: number };
  if (typeof value === "string" && value !== "") {
    return value;
  }
  const reason =
    typeof answer === "string"
      ? answer
      : status === undefined
        ? "there is none in the answer"
        : `HTTP status ${status}`;
  throw new ReviewError(
    `GitHub gave this run no token (${reason}). See that \`permissions\` of the job let it write \`id-token\`, and run it again.`,
    exitCodes.credentials,
  );
}
