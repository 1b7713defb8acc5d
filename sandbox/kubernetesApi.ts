import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";

import { type Access, readKubeconfig } from "./kubeconfig";

/** What the API server answered: the HTTP status and the body, parsed when it is JSON. */
// The caller knows which kind was asked for; no default type here could.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export interface KubernetesResponse<Body = any> {
  readonly status: number;
  readonly body: Body;
}

export interface KubernetesRequestOptions {
  /** Default `application/json`; for a PATCH give the patch type. */
  readonly contentType?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** On top of what every request has, such as those by which somebody acts for somebody else. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One event of a watch: `ADDED`, `MODIFIED`, `DELETED`, `BOOKMARK` or `ERROR`. */
export interface KubernetesWatchEvent {
  readonly type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly object: any;
}

/** A very small client of the Kubernetes API, as the user of a kubeconfig, over verified TLS. */
export class KubernetesApi {
  private readonly access: Access;
  private readonly agent: Agent;

  /** @throws SandboxError when the kubeconfig cannot be used. */
  constructor(kubeconfigPath: string) {
    this.access = readKubeconfig(kubeconfigPath);
    const { credential } = this.access;
    this.agent = new Agent({
      keepAlive: true,
      ca: this.access.authority,
      ...("token" in credential ? {} : { cert: credential.certificate, key: credential.key }),
    });
  }

  /**
   * Sends one request. An HTTP error is an answer like any other.
   *
   * @param path such as `/api/v1/namespaces`.
   * @param body is sent as JSON; a string is sent as it stands.
   * @throws only when there is no answer: unreachable, or the server's certificate does not verify.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  async request<Body = any>(
    method: string,
    path: string,
    body?: unknown,
    options: KubernetesRequestOptions = {},
  ): Promise<KubernetesResponse<Body>> {
    const response = await this.send(method, path, body, options);
    const chunks: Buffer[] = [];
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
    }
    const text = Buffer.concat(chunks).toString("utf8");
    return {
      status: response.statusCode ?? 0,
      body: (isJson(response) && text !== "" ? JSON.parse(text) : text) as Body,
    };
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

  private send(
    method: string,
    path: string,
    body: unknown,
    options: KubernetesRequestOptions,
  ): Promise<IncomingMessage> {
    const url = new URL(path, this.access.server);
    Object.entries(options.query ?? {}).forEach(([name, value]) =>
      url.searchParams.append(name, value),
    );
    const payload = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const requestOptions: RequestOptions = {
      method,
      agent: this.agent,
      headers: { ...this.headers(payload, options.contentType), ...options.headers },
    };
    return new Promise((resolve, reject) => {
      httpsRequest(url, requestOptions, resolve).on("error", reject).end(payload);
    });
  }

  private headers(payload: string | undefined, contentType = "application/json") {
    const { credential } = this.access;
    return {
      accept: "application/json",
      // Without the length, Node sends the body of a DELETE unframed and spoils the connection.
      ...(payload === undefined
        ? {}
        : { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
      ...("token" in credential ? { authorization: `Bearer ${credential.token}` } : {}),
    };
  }
}

function isJson(response: IncomingMessage): boolean {
  return response.headers["content-type"]?.startsWith("application/json") ?? false;
}

async function deliverEvents(
  response: IncomingMessage,
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
