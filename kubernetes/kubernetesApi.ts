import * as http from "node:http";
import * as https from "node:https";
import { text } from "node:stream/consumers";
import { type Access, staticAccess } from "./access";
import { firstLine } from "./messages";
import { NoCredentialError } from "./namedFiles";

/** What the API server answered. An error of HTTP is an answer like any other. */
// The caller knows which kind was asked for; no default type here could.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface KubernetesResponse<Body = any> {
  readonly status: number;
  /** What it sent: parsed where it is JSON, as text otherwise. */
  readonly body: Body;
}

export interface KubernetesRequestOptions {
  /** Default `application/json`; for a PATCH give the patch type. */
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** On top of what every request has, such as those that impersonate another user. */
  readonly headers?: http.OutgoingHttpHeaders;
  /** How long to wait for the whole answer, in milliseconds. Default: without end. */
  readonly timeout?: number;
}

/** One event of a watch: `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`. */
export interface KubernetesWatchEvent {
  readonly type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly object: any;
}

export interface ConnectionOptions {
  /**
   * Whether requests share connections. Without, each has one of its own, so that a load balancer
   * can lead it to another API server. Default `true`.
   */
  readonly keepAlive?: boolean;
}

/** There is no answer: the API server is not reached, does not prove who it is, or is too slow. */
export class NoAnswerError extends Error {
  constructor(
    server: string,
    readonly reason: string,
    cause: unknown,
  ) {
    super(`${new URL(server).origin} does not answer: ${reason}`, { cause });
  }
}

/** A small client of the Kubernetes API. */
export class KubernetesApi {
  private readonly access: Access;
  private readonly protocol: typeof http | typeof https;
  private readonly agent: http.Agent;

  /**
   * @param access how the API server is reached, or the path of a kubeconfig that names no command
   * and no proxy.
   * @throws Error when the kubeconfig cannot be used.
   */
  constructor(access: Access | string, { keepAlive = true }: ConnectionOptions = {}) {
    this.access =
      typeof access === "string" ? staticAccess({ kubeconfigVariable: access }) : access;
    const { server, options } = this.access;
    this.protocol = server.startsWith("http:") ? http : https;
    this.agent =
      options.agent instanceof http.Agent ? options.agent : new this.protocol.Agent({ keepAlive });
  }

  /**
   * Sends one request.
   *
   * @param path such as `/api/v1/namespaces`.
   * @param body is sent as JSON; a string is sent as it stands.
   * @throws NoAnswerError when there is no answer, and NoCredentialError when there is nothing to ask with.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async request<Body = any>(
    method: string,
    path: string,
    body?: unknown,
    options: KubernetesRequestOptions = {},
  ): Promise<KubernetesResponse<Body>> {
    const { timeout } = options;
    const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    try {
      const response = await this.send(method, path, body, options, signal);
      return { status: response.statusCode ?? 0, body: parsed(await text(response)) as Body };
    } catch (error) {
      if (error instanceof NoCredentialError) {
        throw error;
      }
      const isLate = signal?.aborted === true && timeout !== undefined;
      const reason = isLate ? `no answer within ${timeout / 1000} s` : firstLine(error);
      throw new NoAnswerError(this.access.server, reason, error);
    }
  }

  /**
   * What the API server's clock shows, to the second; `undefined` when it does not say.
   *
   * @throws NoAnswerError when there is no answer.
   */
  async date({ timeout }: Pick<KubernetesRequestOptions, "timeout"> = {}): Promise<
    Date | undefined
  > {
    const signal = timeout === undefined ? undefined : AbortSignal.timeout(timeout);
    try {
      const response = await this.send("GET", "/version", undefined, {}, signal);
      response.resume();
      const { date } = response.headers;
      return date === undefined ? undefined : new Date(date);
    } catch (error) {
      throw new NoAnswerError(this.access.server, firstLine(error), error);
    }
  }

  /**
   * Watches a collection, such as `/api/v1/namespaces`. Resolves once the server has accepted the
   * watch, to the function that stops it.
   *
   * @param onEnd is called when the watch ends without having been stopped.
   * @throws Error when the server refuses the watch or cannot be reached.
   */
  async watch(
    path: string,
    onEvent: (event: KubernetesWatchEvent) => void,
    query: Readonly<Record<string, string>> = {},
    onEnd: (error?: Error) => void = () => undefined,
  ): Promise<() => void> {
    const response = await this.send("GET", path, undefined, {
      query: { ...query, watch: "true" },
    });
    if (response.statusCode !== 200) {
      response.destroy();
      throw new Error(`GET ${path}?watch=true answered ${response.statusCode}`);
    }
    let stopped = false;
    void deliverEvents(response, onEvent).then(
      () => stopped || onEnd(),
      (error: Error) => stopped || onEnd(error),
    );
    return () => {
      stopped = true;
      response.destroy();
    };
  }

  /** Closes all connections, those of watches too. */
  close(): void {
    this.agent.destroy();
  }

  private async send(
    method: string,
    path: string,
    body: unknown,
    { contentType, query = {}, headers }: KubernetesRequestOptions,
    signal?: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const { server, renewed } = this.access;
    const options = (await renewed?.()) ?? this.access.options;
    const url = new URL(server + path);
    Object.entries(query).forEach(([name, value]) => url.searchParams.append(name, value));
    const payload = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const requestOptions: https.RequestOptions = {
      ...options,
      agent: this.agent,
      method,
      signal,
      headers: { ...contentHeaders(payload, contentType), ...options.headers, ...headers },
    };
    return new Promise((resolve, reject) => {
      this.protocol.request(url, requestOptions, resolve).on("error", reject).end(payload);
    });
  }
}

function contentHeaders(
  payload: string | undefined,
  contentType = "application/json",
): http.OutgoingHttpHeaders {
  return {
    accept: "application/json",
    // Without the length, Node sends the body of a DELETE unframed and spoils the connection.
    ...(payload === undefined
      ? {}
      : { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
  };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}

async function deliverEvents(
  response: http.IncomingMessage,
  onEvent: (event: KubernetesWatchEvent) => void,
): Promise<void> {
  let pending = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    const lines = (pending + String(chunk)).split("\n");
    pending = lines.pop() ?? "";
    lines
      .filter((line) => line !== "")
      .forEach((line) => onEvent(JSON.parse(line) as KubernetesWatchEvent));
  }
}
