import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the server says to everybody; nothing when it keeps silent. */
export interface FakeAnswer {
  readonly status: number;
  readonly body: object | string;
}

/** A certificate and its key, as PEM. */
interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A server on loopback that gives one answer to most requests, and remembers what it was asked. */
export class FakeApiServer {
  readonly requests: Pick<IncomingMessage, "method" | "url" | "headers">[] = [];
  readonly folder = mkdtempSync(join(tmpdir(), "fake-api-server-"));
  /** How many connections were opened to it. */
  connections = 0;
  /** What it says at some paths, instead of the one answer. */
  answers: Readonly<Record<string, FakeAnswer>> = {};
  answer: FakeAnswer | undefined = { status: 404, body: { kind: "Status", reason: "NotFound" } };
  private readonly server: Server;

  /** @param identity by which it proves who it is; without one it speaks plain HTTP. */
  static async start(identity?: Identity): Promise<FakeApiServer> {
    const fake = new FakeApiServer(identity);
    fake.server.listen(0, "127.0.0.1");
    await once(fake.server, "listening");
    return fake;
  }

  private constructor(private readonly identity: Identity | undefined) {
    const answer: RequestListener = ({ method, url, headers }, response) => {
      this.requests.push({ method, url, headers });
      const answer = this.answers[url ?? ""] ?? this.answer;
      if (answer !== undefined) {
        const { status, body } = answer;
        response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
      }
    };
    this.server =
      identity === undefined ? createServer(answer) : createSecureServer(identity, answer);
    this.server.on("connection", () => this.connections++);
  }

  get address(): string {
    const protocol = this.identity === undefined ? "http" : "https";
    return `${protocol}://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The content of a kubeconfig that leads here, as somebody with these credentials. */
  kubeconfig(user: object = { token: "hunter2" }, cluster: object = {}): string {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "fake",
      contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
      clusters: [{ name: "fake", cluster: { server: this.address, ...cluster } }],
      users: [{ name: "fake", user }],
    });
  }

  /** Writes it into a file and returns its path. */
  kubeconfigFile(user?: object, cluster?: object): string {
    const path = join(this.folder, "kubeconfig");
    writeFileSync(path, this.kubeconfig(user, cluster));
    return path;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
