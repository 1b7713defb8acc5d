import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { KubernetesApi } from "secure-environment-kubernetes";
import { type Cluster } from "#review/cluster/cluster";
import { type Lease } from "#review/cluster/leaseRequests";

const collection = "/apis/coordination.k8s.io/v1/namespaces/platform/leases";

/** Keeps Leases of the namespace `platform` as an API server does, with its optimistic concurrency. */
export class LeaseServer {
  readonly leases = new Map<string, Lease>();
  /** As `PUT reap`, in the order of their coming. */
  readonly writes: string[] = [];
  /** Verbs that are refused with this status. */
  refusals: Readonly<Record<string, number>> = {};
  private version = 0;
  private readonly server: Server;
  private readonly apis: KubernetesApi[] = [];

  static async start(): Promise<LeaseServer> {
    const started = new LeaseServer();
    started.server.listen(0, "127.0.0.1");
    await once(started.server, "listening");
    return started;
  }

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  /** A cluster whose API server this is. */
  cluster(): Cluster {
    const { port } = this.server.address() as AddressInfo;
    const server = `http://127.0.0.1:${port}`;
    const api = new KubernetesApi({ server, options: {} }, { keepAlive: false });
    this.apis.push(api);
    const unused = () => Promise.reject(new Error("only Leases are asked for"));
    return {
      ...{ server, choice: {}, metadataOf: unused, endOf: unused, namespace: unused },
      ...{ deleteNamespace: unused, namespacesWith: unused },
      api: () => Promise.resolve(api),
    };
  }

  /** Writes a Lease as another run does. */
  put(name: string, spec: Lease["spec"]): void {
    const metadata = { name, namespace: "platform", resourceVersion: String(++this.version) };
    const kept: Lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
    this.leases.set(name, kept);
  }

  stop(): void {
    this.apis.forEach((api) => api.close());
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const given = method === "GET" ? undefined : ((await json(request)) as Lease);
    const name = given?.metadata.name ?? url.slice(collection.length + 1);
    if (method !== "GET") {
      this.writes.push(`${method} ${name}`);
    }
    const refused = url.startsWith(collection) ? this.refusals[method] : 404;
    const status = refused ?? this.statusOf(method, name, given);
    if (given !== undefined && status < 300) {
      this.put(name, given.spec);
    }
    const body =
      status < 300 ? this.leases.get(name) : { kind: "Status", message: `no: ${status}` };
    response.writeHead(status).end(JSON.stringify(body));
  }

  private statusOf(method: string, name: string, given: Lease | undefined): number {
    const kept = this.leases.get(name);
    if (method === "POST") {
      return kept === undefined ? 201 : 409;
    }
    const isStale = kept?.metadata.resourceVersion !== given?.metadata.resourceVersion;
    return kept === undefined ? 404 : given !== undefined && isStale ? 409 : 200;
  }
}
