import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import { type AddressInfo } from "node:net";
import { parse } from "yaml";

/** What happens to a write: it is passed on once this has ended. */
type OnWrite = (count: number) => Promise<void> | void;

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly "certificate-authority-data": string };
  }[];
  readonly users: readonly {
    readonly user: {
      readonly "client-certificate-data": string;
      readonly "client-key-data": string;
    };
  }[];
}

/** What an API server might say. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: object;
}

/** Stands before an API server on loopback, and sees each write before it gets there. */
export class ApiGate {
  /** How many writes have come by. */
  writes = 0;
  onWrite: OnWrite = () => undefined;
  /** Is told of each request before it is passed on. */
  onRequest: (method: string, url: string) => void = () => undefined;
  /** What is answered in place of the API server; nothing where that is asked itself. */
  answerTo: (method: string, url: string) => FakeAnswer | undefined = () => undefined;
  /** Chosen by the system when it starts. */
  private port = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: string,
    private readonly agent: Agent,
    private readonly stranger: Agent,
  ) {}

  /** Where it is reached. */
  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @param kubeconfigFile whose user the gate is to the API server, for who brings no token. */
  static async start(kubeconfigFile: string): Promise<ApiGate> {
    const { clusters, users } = parse(readFileSync(kubeconfigFile, "utf8")) as Kubeconfig;
    const cluster = clusters[0]!.cluster;
    const user = users[0]!.user;
    const decoded = (base64: string) => Buffer.from(base64, "base64");
    const ca = decoded(cluster["certificate-authority-data"]);
    const agent = new Agent({
      keepAlive: true,
      ca,
      cert: decoded(user["client-certificate-data"]),
      key: decoded(user["client-key-data"]),
    });
    const stranger = new Agent({ keepAlive: true, ca });
    const server = createServer((incoming, response) => void gate.pass(incoming, response));
    const gate = new ApiGate(server, cluster.server, agent, stranger);
    await gate.restart();
    gate.port = (server.address() as AddressInfo).port;
    return gate;
  }

  /** Writes a kubeconfig that leads here. */
  writeKubeconfig(file: string): string {
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "gate",
        contexts: [{ name: "gate", context: { cluster: "gate", user: "gate" } }],
        clusters: [{ name: "gate", cluster: { server: this.address } }],
        users: [{ name: "gate", user: {} }],
      }),
    );
    return file;
  }

  /** From now on all writes pass, counted anew. */
  open(): void {
    this.writes = 0;
    this.onWrite = () => undefined;
  }

  /** From now on nobody is there: connections are reset, and new ones refused. */
  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Is there again, at the same address. */
  async restart(): Promise<void> {
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
  }

  close(): void {
    this.stop();
    this.agent.destroy();
    this.stranger.destroy();
  }

  private async pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url = "/", headers } = incoming;
    this.onRequest(method, url);
    if (method !== "GET") {
      await this.onWrite(++this.writes);
    }
    if (incoming.socket.destroyed) {
      return;
    }
    const answer = this.answerTo(method, url);
    if (answer !== undefined) {
      response.writeHead(answer.status, { date: new Date().toUTCString() });
      response.end(JSON.stringify(answer.body));
      return;
    }
    // A certificate would go before the token.
    const agent = headers.authorization === undefined ? this.agent : this.stranger;
    const passed = { ...headers, host: new URL(this.target).host };
    const outgoing = request(
      `${this.target}${url}`,
      { method, headers: passed, agent },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        response.on("close", () => answer.destroy());
      },
    );
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  }
}
