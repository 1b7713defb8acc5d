import {
  createModel,
  type Endpoint,
  type IsolationModel,
  judgePackets,
  nameOfEndpoint,
  type PacketAnswer,
  type PacketAnswers,
  type PacketCase,
  type PacketResult,
  readObjects,
} from "#isolation/index";
import {
  defaultEnforcer,
  type Enforcer,
  ensureToolchain,
  KubernetesApi,
  type Sandbox,
  sandboxStatus,
  startSandbox,
  stopSandbox,
} from "secure-environment-sandbox";
import { eventually } from "../../../support/eventually";
import { answers, execInPod, probePod } from "../../../support/probePods";
import { newStateDirectory } from "../../../support/sandbox";
import { corePath, createAll, deleteRequest, postRequest } from "../apiRequests";
import { type ProducedObject } from "../producedObjects";
import { createProduced } from "../producedEnvironment";
import { type LabelledPod } from "../reachability/scene";
import { askFromOutside, listenersOn, serveAddresses } from "./outside";

/** Addresses that packets come from and go to: those that the tables are about. */
const addresses = { pods: "30.10.0.0/16", nodes: "52.30.0.0/24", apiServers: "52.40.0.0/24" };

/** The name that every pod gives to one of its ports. */
export const namedPort = { name: "web", port: 8080 };

/** What is open answers even where this machine is busy; what is closed is refused at once. */
const patient = ["--timeout", "2s"];
const targetsAtOnce = 300;
const clientsAtOnce = 4;

/** A cluster with two nodes, and probes in its pods and outside of it. */
export class PacketScene {
  private readonly podAddresses = new Map<string, string>();

  private constructor(
    readonly sandbox: Sandbox,
    readonly api: KubernetesApi,
    readonly probe: { readonly path: string; readonly version: string },
    private readonly enforcer: string,
  ) {}

  static async start(enforcer?: Enforcer): Promise<PacketScene> {
    const stateDirectory = newStateDirectory();
    const sandbox = await startSandbox({ stateDirectory, nodes: 2, enforcer, addresses });
    const { node } = await ensureToolchain(undefined, { node: true, enforcer });
    if (node === undefined) {
      throw new Error("The sandbox has nodes, and no probe.");
    }
    const api = new KubernetesApi(sandbox.kubeconfig);
    return new PacketScene(sandbox, api, node.probe, node.enforcer.name);
  }

  /** Creates what environments are made of, one environment beside the other. */
  async createEnvironments(environments: readonly (readonly ProducedObject[])[]): Promise<void> {
    await Promise.all(environments.map((objects) => createProduced(this.api, objects)));
  }

  async createNamespaces(names: readonly string[]): Promise<void> {
    const namespaces = names.map((name) =>
      postRequest("/api/v1/namespaces", { metadata: { name } }),
    );
    await createAll(this.api, namespaces);
  }

  /** Creates pods whose probes listen on ports, and waits until all of them do. */
  async createPods(pods: readonly LabelledPod[], ports: readonly number[]): Promise<void> {
    const image = this.sandbox.probeImage();
    await Promise.all(pods.map((pod) => createAll(this.api, [podRequest(pod, image, ports)])));
    await eventually(async () => {
      const { body } = await this.api.request<PodList>("GET", "/api/v1/pods");
      for (const { metadata, status } of body.items) {
        if (status?.phase === "Running" && status.podIP !== undefined) {
          this.podAddresses.set(`${metadata.namespace}/${metadata.name}`, status.podIP);
        }
      }
      return pods.every(({ path }) => this.podAddresses.has(path));
    });
  }

  /** Puts servers at addresses: outside of the cluster, or at each of its nodes. */
  async serve(addresses: readonly string[], listeners: readonly string[], where?: "nodes") {
    const networks = where === "nodes" ? this.sandbox.nodes : [undefined];
    const { path } = this.probe;
    await Promise.all(
      networks.map((node) => serveAddresses(this.sandbox, node, path, addresses, listeners)),
    );
  }

  /** Takes a pod away, and lets what is known of it stand. */
  async stop(path: string): Promise<void> {
    const [namespace = "", name = ""] = path.split("/");
    const pod = `${corePath({ namespace }, "pods")}/${name}`;
    await createAll(this.api, [{ ...deleteRequest(pod), body: { gracePeriodSeconds: 0 } }]);
    await eventually(async () => (await this.api.request("GET", pod)).status === 404);
  }

  /** Ends what enforces network policies, on all nodes. */
  stopEnforcing(): void {
    const { parts } = sandboxStatus(this.sandbox.stateDirectory);
    parts
      .filter(({ name }) => name.endsWith(`-${this.enforcer}`))
      .forEach(({ pid }) => process.kill(pid, "SIGKILL"));
  }

  /** What the policies that the API server has say of the pods that it has. */
  async model(): Promise<IsolationModel> {
    const paths = ["/api/v1/namespaces", "/api/v1/pods"].concat(
      "/apis/networking.k8s.io/v1/networkpolicies",
    );
    const lists = await Promise.all(paths.map((path) => this.api.request("GET", path)));
    return createModel(readObjects(lists.map(({ body }) => body as unknown)).objects);
  }

  /** Tries cases with real packets: what is open before and after what is closed. */
  async results(wanted: readonly PacketCase[]): Promise<readonly PacketResult[]> {
    const cases = [...new Map(wanted.map((each) => [textOf(each), each])).values()];
    const open = cases.filter((each) => each.open);
    const closed = cases.filter((each) => !each.open);
    return judgePackets(cases, {
      openBefore: await this.answersOfOpen(open),
      closed: await this.answers(closed),
      openAfter: await this.answersOfOpen(open),
    });
  }

  /**
   * kube-router refuses what it closes, so what is open is never silent. Another enforcer decides each
   * connection in its own process, which on a busy machine may come too late: what was silent is asked once
   * more, and a wall stays.
   */
  async answersOfOpen(cases: readonly PacketCase[]): Promise<PacketAnswers> {
    const first = await this.answers(cases);
    if (this.enforcer === defaultEnforcer) {
      return first;
    }
    const again = await this.answers(cases.filter((each) => first(each)?.outcome === "silent"));
    return (each) => again(each) ?? first(each);
  }

  /** What comes of connections that are tried once. */
  async answers(cases: readonly PacketCase[]): Promise<PacketAnswers> {
    const found = new Map<string, PacketAnswer>();
    const questions = [...groupedByClient(cases).values()].flatMap(inChunks);
    await inTurns(questions, async (chunk) => {
      const [first] = chunk;
      if (first === undefined) {
        return;
      }
      const targets = chunk.map((each) => this.targetOf(each));
      const said = answers(await this.ask(first.from, targets));
      chunk.forEach((each, index) => {
        const { outcome, answer } = said.get(targets[index] ?? "") ?? { outcome: "nothing" };
        found.set(textOf(each), { open: outcome === "open", outcome, answeredBy: answer?.name });
      });
    });
    return (each) => found.get(textOf(each));
  }

  /** Its pods would take processors from the tests that come after it. */
  async end(): Promise<void> {
    this.api.close();
    await stopSandbox(this.sandbox.stateDirectory);
  }

  /** What a probe says of targets that it asks. */
  ask(from: Endpoint, targets: readonly string[], options: readonly string[] = patient) {
    if ("address" in from) {
      const asking = ["--from", from.address, ...options, ...targets];
      return askFromOutside(this.sandbox, this.probe.path, asking);
    }
    const [namespace = "", name = ""] = from.pod.split("/");
    const command = ["/probe", "ask", ...options, ...targets];
    return execInPod(this.sandbox.kubeconfig, namespace, name, command);
  }

  /** Such as `tcp://30.10.1.7:8080`. */
  targetOf({ to, port }: Pick<PacketCase, "to" | "port">): string {
    const address = "pod" in to ? this.podAddresses.get(to.pod) : to.address;
    if (address === undefined) {
      throw new Error(`${nameOfEndpoint(to)} has no address.`);
    }
    return `${port.protocol.toLowerCase()}://${address}:${port.port}`;
  }
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly namespace: string; readonly name: string };
    readonly status?: { readonly phase?: string; readonly podIP?: string };
  }[];
}

/**
 * Pods may listen on ports below 1024 without a right for that.
 * See https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
 */
const lowPorts = { name: "net.ipv4.ip_unprivileged_port_start", value: "0" };
const resources = {
  requests: { cpu: "1m", memory: "8Mi" },
  limits: { cpu: "500m", memory: "64Mi" },
};

function podRequest({ path, labels }: LabelledPod, image: string, ports: readonly number[]) {
  const [namespace = "", name = ""] = path.split("/");
  const { spec } = probePod(name, image, ["--name", path, ...listenersOn(ports)]);
  // Services that select the labels of a pod would send it their traffic, were it ready.
  const readinessProbe = { tcpSocket: { port: 1 }, periodSeconds: 3600 };
  const containers = spec.containers.map((container) => ({
    ...container,
    resources,
    readinessProbe,
    ports: [{ name: namedPort.name, containerPort: namedPort.port }],
  }));
  const securityContext = { ...spec.securityContext, sysctls: [lowPorts] };
  return postRequest(corePath({ namespace }, "pods"), {
    metadata: { name, labels },
    spec: { ...spec, securityContext, containers },
  });
}

function groupedByClient(cases: readonly PacketCase[]): ReadonlyMap<string, PacketCase[]> {
  const groups = new Map<string, PacketCase[]>();
  for (const each of cases) {
    const client = nameOfEndpoint(each.from);
    const group = groups.get(client) ?? [];
    group.push(each);
    groups.set(client, group);
  }
  return groups;
}

function inChunks(cases: readonly PacketCase[]): readonly PacketCase[][] {
  const count = Math.ceil(cases.length / targetsAtOnce);
  return Array.from({ length: count }, (_, index) =>
    cases.slice(index * targetsAtOnce, (index + 1) * targetsAtOnce),
  );
}

/** Does something for all of them, a few at the same time. */
async function inTurns<Item>(items: readonly Item[], act: (item: Item) => Promise<void>) {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await act(next);
    }
  };
  await Promise.all(Array.from({ length: clientsAtOnce }, worker));
}

function textOf({ from, to, port }: PacketCase): string {
  return `${nameOfEndpoint(from)} ${nameOfEndpoint(to)} ${port.port}/${port.protocol}`;
}
