import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  KubernetesApi,
  nodeObstacle,
  type NodePod,
  podOnce,
  podsPath,
  type Sandbox,
  startSandbox,
  stopSandbox,
} from "secure-environment-sandbox";

import { BenchmarkError, renderSpread, type Spread, spreadOf } from "./figures";

/** How long packets pass that a network policy refuses in the end, in milliseconds. */
export interface PacketFigures {
  /** From the first packet of a new pod, in a namespace that is closed. */
  readonly ofNewPods: Spread;
  /** From the request that creates the policy, for a pod that runs. */
  readonly ofNewPolicies: Spread;
}

interface Asked {
  readonly outcome: string;
  readonly at: number;
}

const server = "server";
const [open, closed] = ["open", "closed"];
const asking = ["ask", "--timeout", "500ms", "--every", "5ms", "--for", "4s"];
const longestWait = 60_000;

const closing = {
  metadata: { name: "default-deny" },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
};

/** Measures it with kube-router on a node, or says why this machine can run none. */
export async function measurePackets(rounds: number): Promise<PacketFigures | string> {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-bench-"));
  const obstacle = await nodeObstacle(folder);
  if (obstacle !== undefined) {
    return obstacle;
  }
  const stateDirectory = join(folder, "sandbox");
  try {
    const sandbox = await startSandbox({ stateDirectory, nodes: 1 });
    return await new PacketBench(sandbox).measure(rounds);
  } finally {
    await stopSandbox(stateDirectory);
    rmSync(folder, { recursive: true, force: true });
  }
}

export function renderPackets(figures: PacketFigures | string): string {
  if (typeof figures === "string") {
    return `Packets before a policy binds: not measured. ${figures}`;
  }
  return [
    "Packets that pass before a network policy binds, in milliseconds: median (least – most)",
    `  of a new pod, from its first one: ${renderSpread(figures.ofNewPods, 0)}`,
    `  of a pod that runs, from the request for the policy: ${renderSpread(figures.ofNewPolicies, 0)}`,
    "",
  ].join("\n");
}

class PacketBench {
  private readonly api: KubernetesApi;
  private readonly image: string;

  constructor(sandbox: Sandbox) {
    this.api = new KubernetesApi(sandbox.kubeconfig);
    this.image = sandbox.probeImage();
  }

  async measure(rounds: number): Promise<PacketFigures> {
    try {
      for (const namespace of [open, closed]) {
        await this.create("/api/v1/namespaces", { metadata: { name: namespace } });
      }
      await this.create(policiesOf(closed), closing);
      const target = await this.startServer();
      const ofNewPods: number[] = [];
      const ofNewPolicies: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        ofNewPods.push(await this.newPod(target, `new-${round}`));
        ofNewPolicies.push(await this.newPolicy(target, `old-${round}`));
      }
      return { ofNewPods: spreadOf(ofNewPods), ofNewPolicies: spreadOf(ofNewPolicies) };
    } finally {
      this.api.close();
    }
  }

  private async startServer(): Promise<string> {
    await this.create(podsPath(open), this.pod(server, ["serve", "tcp:8080"]));
    return `tcp://${await this.once(open, server, "Running")}:8080`;
  }

  private async newPod(target: string, name: string): Promise<number> {
    await this.create(podsPath(closed), this.pod(name, [...asking, target]));
    const asked = await this.whatWasAsked(closed, name);
    return passedUntil(asked) - (asked[0]?.at ?? 0);
  }

  /** The policy selects the one pod, so that the server stays open. */
  private async newPolicy(target: string, name: string): Promise<number> {
    await this.create(podsPath(open), this.pod(name, [...asking, target]));
    await this.once(open, name, "Running");
    await sleep(1_000);
    const began = Date.now();
    const spec = { ...closing.spec, podSelector: { matchLabels: { app: name } } };
    await this.create(policiesOf(open), { metadata: { name }, spec });
    return passedUntil(await this.whatWasAsked(open, name)) - began;
  }

  private pod(name: string, args: readonly string[]): object {
    const container = { name: "main", image: this.image, imagePullPolicy: "Never", args };
    return {
      metadata: { name, labels: { app: name } },
      spec: { restartPolicy: "Never", containers: [container] },
    };
  }

  private async whatWasAsked(namespace: string, name: string): Promise<readonly Asked[]> {
    await this.once(namespace, name, "Succeeded");
    const { body } = await this.api.request<string>("GET", `${podsPath(namespace)}/${name}/log`);
    const lines = body.trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Asked).sort((one, other) => one.at - other.at);
  }

  /** Waits for the phase of a pod, and gives its address. */
  private async once(namespace: string, name: string, phase: string): Promise<string> {
    const hasPhase = ({ status }: NodePod) => status?.phase === phase;
    const { status } = await podOnce(this.api, namespace, name, hasPhase);
    return status?.podIP ?? "";
  }

  private async create(path: string, object: object): Promise<void> {
    const end = Date.now() + longestWait;
    for (;;) {
      const { status, body } = await this.api.request<{ message?: string }>("POST", path, object);
      if (status === 201) {
        return;
      }
      // A new namespace has no service account for a moment.
      if (status !== 403 || Date.now() > end) {
        throw new BenchmarkError(`${path}: ${body.message}`);
      }
      await sleep(50);
    }
  }
}

/** When the last packet passed, of those that were asked for. */
function passedUntil(asked: readonly Asked[]): number {
  const last = asked.at(-1);
  if (last === undefined || last.outcome === "open") {
    throw new BenchmarkError("The network policy never came to bind.");
  }
  return asked.findLast(({ outcome }) => outcome === "open")?.at ?? asked[0]?.at ?? 0;
}

function policiesOf(namespace: string): string {
  return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
}
