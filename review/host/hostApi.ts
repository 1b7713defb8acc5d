import { recordOf, textOf } from "secure-environment/core";
import { printable } from "../console";
import { pause, requireUninterrupted } from "../engine/interruption";
import { exitCodes, type ExitCode, ReviewError } from "../exitCodes";

/** Whose API it is, and what is said where it refuses. */
export interface HostAccess {
  readonly host: string;
  readonly api: string;
  /** With the credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly token: string;
  /** What to do where the token may not do what it is used for. */
  readonly remedy: string;
}

/** Milliseconds. */
const patience = 15_000;
const usualPause = 1_000;
const longestPause = 60_000;

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Sends requests to the API of a host of repositories; once again when it is overburdened. */
export class HostApi {
  constructor(private readonly access: HostAccess) {}

  /** @throws ReviewError with 3 when the token is not taken or may not do it, else with 1 or 9. */
  async request(method: Method, path: string, body?: object): Promise<unknown> {
    return (await this.answerOf(method, path, body)).content;
  }

  /** All pages of a list. Errors as of `request`. */
  async list(path: string): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    for (let page = 1; ; page++) {
      const paged = `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`;
      const { content, hasNext } = await this.answerOf("GET", paged);
      found.push(...(Array.isArray(content) ? (content as unknown[]) : []));
      // Both hosts say so; an address in an answer is not followed with the token.
      if (!hasNext) {
        return found;
      }
    }
  }

  private async answerOf(method: Method, path: string, body?: object): Promise<Answer> {
    const first = await this.send(method, path, body);
    const wait = pauseAfter(first);
    if (wait === undefined || wait > longestPause) {
      return this.content(method, path, first);
    }
    await first.body?.cancel();
    await pause(wait);
    return this.content(method, path, await this.send(method, path, body));
  }

  private async send(method: Method, path: string, body?: object): Promise<Response> {
    requireUninterrupted();
    const { api, headers } = this.access;
    try {
      return await fetch(`${api}${path}`, {
        method,
        headers: { ...headers, "Content-Type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
        // Elsewhere nobody is sent the token.
        redirect: "manual",
        signal: AbortSignal.timeout(patience),
      });
    } catch (error) {
      throw this.unanswered(error);
    }
  }

  private unanswered(error: unknown): ReviewError {
    const { host, api } = this.access;
    const { name, cause } = error as { readonly name?: string; readonly cause?: unknown };
    if (name === "TimeoutError") {
      const message = `${host} did not answer at ${api} within ${patience / 1_000} s.`;
      return new ReviewError(message, exitCodes.timedOut);
    }
    const reason = textOf(recordOf(cause)["code"]) ?? "no reason is known";
    return new ReviewError(`${host} does not answer at ${api} (${reason}).`, exitCodes.failed);
  }

  private async content(method: Method, path: string, response: Response): Promise<Answer> {
    const text = await response.text().catch((error: unknown) => {
      throw this.unanswered(error);
    });
    // What another run has removed at the same time is gone as well.
    const isGone = method === "DELETE" && response.status === 404;
    if (!response.ok && !isGone) {
      throw this.refused(`${method} ${path.split("?")[0]}`, response, text);
    }
    const hasNext = /rel="next"/.test(response.headers.get("link") ?? "");
    return { content: text === "" || isGone ? undefined : this.parsed(path, text), hasNext };
  }

  private parsed(path: string, text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      const message = `${this.access.host} answers ${path} with what is no JSON. Is ${this.access.api} its API?`;
      throw new ReviewError(message, exitCodes.failed);
    }
  }

  private refused(request: string, response: Response, text: string): ReviewError {
    const { host, token, remedy } = this.access;
    const { status } = response;
    const reason = printable(reasonIn(text).replaceAll(token, "***").replace(/\s+/g, " "));
    const said = `${host} answers ${request} with ${status}${reason === "" ? "" : ` (${reason.slice(0, 200)})`}`;
    if (pauseAfter(response) !== undefined) {
      return new ReviewError(`${said}: run the command again later.`, exitCodes.failed);
    }
    const [consequence, exitCode] = consequences[status] ?? ["", exitCodes.failed];
    const words = [consequence, exitCode === exitCodes.credentials ? remedy : ""].filter(Boolean);
    return new ReviewError([`${said}.`, ...words].join(" "), exitCode);
  }
}

interface Answer {
  readonly content: unknown;
  readonly hasNext: boolean;
}

const consequences: Readonly<Record<number, readonly [string, ExitCode]>> = {
  401: ["The token is not taken.", exitCodes.credentials],
  403: ["The token may not do that.", exitCodes.credentials],
  404: ["There is none, or the token may not see it.", exitCodes.failed],
};

/**
 * How long to wait before a request is sent again, in milliseconds; `undefined` when that would not help.
 * GitHub answers 403, too, to who sends too many.
 * See https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function pauseAfter({ status, headers }: Response): number | undefined {
  const after = headers.get("retry-after");
  const isBusy = status >= 500 || status === 429 || (status === 403 && after !== null);
  return isBusy ? (millisecondsOf(after) ?? usualPause) : undefined;
}

/** Seconds or an instant. See https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function millisecondsOf(after: string | null): number | undefined {
  const milliseconds = /^\d+$/.test(after ?? "")
    ? Number(after) * 1_000
    : Date.parse(after ?? "") - Date.now();
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}

/** What is wrong, in the words of the host. */
function reasonIn(text: string): string {
  try {
    const { message, error } = recordOf(JSON.parse(text));
    return textOf(message) ?? textOf(error) ?? JSON.stringify(message) ?? "";
  } catch {
    return "";
  }
}
