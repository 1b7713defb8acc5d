import http from "node:http";
import https from "node:https";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubernetesObject } from "./object";
import type { ConnectionSettings } from "./kubeconfig";

const silenceMilliseconds = 30_000;
const parallelConnections = 16;
const attemptsWhenThrottled = 10;

/** A call of the API server. */
export interface ApiRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  query?: { [name: string]: string };
  body?: unknown;
  contentType?: string;
  accept?: string;
}

/** Part of what the API server says about a failure. */
export interface ApiStatus {
  message?: string;
  reason?: string;
  code?: number;
  details?: { kind?: string; causes?: { reason?: string; message?: string; field?: string }[] };
}

/** What an answer means that does not say so itself, as from a path that is not there. */
const reasons: { [code: number]: string } = { 403: "Forbidden", 404: "NotFound" };

/** The API server answered with a failure. */
export class ApiError extends Error {
  constructor(
    readonly code: number,
    readonly status: ApiStatus,
  ) {
    super(status.message ?? `the server answered with HTTP status ${code}`);
  }

  get reason(): string {
    return this.status.reason ?? reasons[this.code] ?? "";
  }
}

/** The API server did not answer. */
export class UnreachableError extends Error {}

/** Something that happened to a watched object. */
export interface WatchEvent {
  type: string;
  object: KubernetesObject;
}

/** Talks HTTP to one API server over connections that stay open. */
export class Connection {
  private readonly agent: http.Agent;
  private readonly http: typeof http | typeof https;

  constructor(
    private readonly settings: ConnectionSettings,
    private readonly cancelled: AbortSignal,
  ) {
    const pool = { keepAlive: true, maxSockets: Infinity, maxFreeSockets: parallelConnections };
    const secure = settings.server.startsWith("https:");
    this.http = secure ? https : http;
    this.agent = secure ? new https.Agent({ ...pool, ...settings.tls }) : new http.Agent(pool);
  }

  get server(): string {
    return this.settings.server;
  }

  /** Calls the API server and returns the JSON of its answer. */
  async request(request: ApiRequest): Promise<KubernetesObject> {
    for (let attempt = 1; ; attempt++) {
      const response = await this.send(request, this.cancelled, silenceMilliseconds);
      const body = await readText(response);
      const retryAfter = Number(response.headers["retry-after"]);
      if (!(retryAfter > 0) || attempt >= attemptsWhenThrottled) {
        return parseAnswer(response.statusCode ?? 0, body);
      }
      await sleep(retryAfter * 1_000, undefined, { signal: this.cancelled });
    }
  }

  /** Follows changes until the server ends the watch, the signal fires or the caller leaves. */
  async *watch(request: ApiRequest, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    const response = await this.send(request, AbortSignal.any([signal, this.cancelled]), 0);
    if (response.statusCode !== 200) {
      parseAnswer(response.statusCode ?? 0, await readText(response));
    }
    try {
      for await (const line of createInterface({ input: response })) {
        yield JSON.parse(line) as WatchEvent;
      }
    } finally {
      response.destroy();
    }
  }

  private async send(
    request: ApiRequest,
    signal: AbortSignal,
    timeout: number,
  ): Promise<http.IncomingMessage> {
    try {
      return await this.sendOnce(request, signal, timeout);
    } catch (error) {
      if (error instanceof StaleConnectionError) {
        return this.sendOnce(request, signal, timeout);
      }
      throw error;
    }
  }

  private sendOnce(
    request: ApiRequest,
    signal: AbortSignal,
    timeout: number,
  ): Promise<http.IncomingMessage> {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    return new Promise((resolve, reject) => {
      const call = this.http.request(
        `${this.settings.server}${request.path}${queryText(request.query)}`,
        {
          method: request.method,
          agent: this.agent,
          headers: this.headers(request, body),
          signal,
          timeout,
        },
        resolve,
      );
      call.on("timeout", () => call.destroy(new Error("no answer")));
      call.on("error", (error: NodeJS.ErrnoException) => {
        reject(this.connectionError(error, call.reusedSocket, signal));
      });
      call.end(body);
    });
  }

  private connectionError(
    error: NodeJS.ErrnoException,
    reusedSocket: boolean,
    signal: AbortSignal,
  ): Error {
    if (signal.aborted) {
      return error;
    }
    // The server may close an idle connection in the moment in which it is taken up again.
    if (reusedSocket && error.code === "ECONNRESET") {
      return new StaleConnectionError();
    }
    return new UnreachableError(
      `cannot reach the Kubernetes API server at ${this.settings.server}: ${error.message}`,
    );
  }

  private headers(request: ApiRequest, body: string | undefined): http.OutgoingHttpHeaders {
    return {
      accept: request.accept ?? "application/json",
      "user-agent": "pulumi-kubernetes-stand-in",
      ...(this.settings.authorization === undefined
        ? {}
        : { authorization: this.settings.authorization }),
      ...(body === undefined
        ? {}
        : {
            "content-type": request.contentType ?? "application/json",
            "content-length": Buffer.byteLength(body),
          }),
    };
  }
}

class StaleConnectionError extends Error {}

function queryText(query: { [name: string]: string } = {}): string {
  const encoded = new URLSearchParams(query).toString();
  return encoded === "" ? "" : `?${encoded}`;
}

async function readText(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

function parseAnswer(code: number, body: string): KubernetesObject {
  if (code >= 200 && code < 300) {
    return JSON.parse(body) as KubernetesObject;
  }
  throw new ApiError(code, parseStatus(body));
}

function parseStatus(body: string): ApiStatus {
  try {
    return JSON.parse(body) as ApiStatus;
  } catch {
    return { message: body.trim() === "" ? undefined : body.trim() };
  }
}
