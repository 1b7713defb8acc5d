import { once } from "node:events";
import * as http from "node:http";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import { type Access } from "./access";

/** What the API server answered. An error of HTTP is an answer like any other. */
export interface Answer {
  readonly status: number;
  /** What it sent: as it is in JSON, or as text. */
  readonly body: unknown;
}

/** A request that is more than a GET. */
export interface RequestDetails {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly headers?: http.OutgoingHttpHeaders;
  /** Sent as JSON. */
  readonly body?: object;
  /** How long to wait for the answer, in milliseconds. Default: without end. */
  readonly timeout?: number;
}

/**
 * Sends one request. Each has a connection of its own, so that all API servers get their part of
 * them.
 *
 * @throws Error when there is no answer.
 */
export async function send(
  { server, options }: Access,
  path: string,
  { method = "GET", headers, body, timeout }: RequestDetails = {},
): Promise<Answer> {
  const { request } = server.startsWith("http:") ? http : https;
  const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
  try {
    const sent = request(server + path, {
      agent: false,
      ...options,
      method,
      signal,
      headers: {
        ...options.headers,
        ...(body && { "Content-Type": "application/json" }),
        ...headers,
      },
    }).end(body && JSON.stringify(body));
    const [response] = (await once(sent, "response")) as [http.IncomingMessage];
    return { status: response.statusCode ?? 0, body: parsed(await text(response)) };
  } catch (error) {
    const reason = signal?.aborted
      ? `no answer within ${(timeout ?? 0) / 1000} s`
      : firstLine(error);
    throw new Error(`${new URL(server).origin} does not answer: ${reason}`, { cause: error });
  }
}

/** The words of an answer that is an error. */
export function messageOf(body: unknown): string {
  const { message } = (body ?? {}) as { readonly message?: unknown };
  return typeof message === "string" && message !== "" ? message : "no reason was given";
}

/** What is wrong, without a stack. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}
