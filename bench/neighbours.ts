import { setTimeout as sleep } from "node:timers/promises";
import { KubernetesApi, type Sandbox } from "secure-environment-sandbox";

import {
  BenchmarkError,
  type Latencies,
  measureLatencies,
  renderSpread,
  type Spread,
  spreadOf,
} from "./figures";
import {
  type ApiClients,
  duringFlood,
  type FloodRequest,
  makeObject,
  type Neighbour,
} from "./flood";

/** What the pipeline of another project notices of one kind of flood. */
export interface NeighbourFigure {
  readonly flood: string;
  readonly unbounded: Latencies;
  readonly bounded: Latencies;
  /** Of the times in which 95 of 100 requests are answered, with the platform and without. */
  readonly ratio: number;
  /** The most that is promised; nothing where it is only told. */
  readonly limit?: number;
  readonly holds: boolean;
}

type Flood = Omit<FloodRequest, "kubeconfig" | "connections">;

interface Kind {
  readonly flood: string;
  readonly limit?: number;
  /** @param configMaps the path of what the environment has. */
  readonly request: (configMaps: string) => Flood;
}

/**
 * Beside the long lists of the ordinary flood. Bodies that never come hold seats, which nothing but a
 * share bounds, so there is a limit. The others are told: queues by user serve a neighbour without the
 * platform too. Logs that are followed take a kubelet, which is not there.
 */
const kinds: readonly Kind[] = [
  {
    flood: "bodies that never come",
    limit: 0.5,
    request: (configMaps) => ({
      method: "POST",
      path: configMaps,
      body: "{",
      headers: { "content-type": "application/json", "content-length": "1000" },
      isAnswered: false,
    }),
  },
  {
    flood: "watches that begin anew",
    request: (configMaps) => ({ path: `${configMaps}?watch=true&timeoutSeconds=1` }),
  },
  {
    flood: "changes of large objects",
    request: (configMaps) => ({
      method: "PATCH",
      path: `${configMaps}/large-0?#`,
      body: JSON.stringify({ metadata: { labels: { count: "@" } } }),
      headers: { "content-type": "application/merge-patch+json" },
    }),
  },
];

const measureMilliseconds = 3_000;
const settleMilliseconds = 1_000;
/** Of which a request waits for a seat for a quarter. */
const patience = { timeout: "4s" };

/** Measures each kind once with the platform's shares and once without, one after the other. */
export async function measureNeighbours(
  clients: ApiClients,
  abort: AbortSignal,
): Promise<readonly NeighbourFigure[]> {
  const figures: NeighbourFigure[] = [];
  for (const { flood, limit, request } of kinds) {
    const besides = ({ kubeconfig, path, connections }: FloodRequest, neighbour: Neighbour) =>
      measureBeside({ kubeconfig, connections, ...request(path) }, neighbour, abort);
    const bounded = await besides(clients.boundedFlood, clients.boundedPipeline);
    const unbounded = await besides(clients.unboundedFlood, clients.unboundedPipeline);
    figures.push(neighbourFigure(flood, bounded, unbounded, limit));
  }
  return figures;
}

/** What was measured, held against its limit. */
export function neighbourFigure(
  flood: string,
  bounded: Latencies,
  unbounded: Latencies,
  limit?: number,
): NeighbourFigure {
  const ratio = bounded.p95 / unbounded.p95;
  const holds = limit === undefined || ratio <= limit;
  return { flood, unbounded, bounded, ratio, limit, holds };
}

/** The figures for people. */
export function renderNeighbours(figures: readonly NeighbourFigure[]): string[] {
  return [
    "Milliseconds (p95) in which the pipeline of another project is answered beside an environment's flood",
    ...figures.map(({ flood, unbounded, bounded, ratio, limit, holds }) => {
      const times = `${unbounded.p95.toFixed(0)} without the platform, ${bounded.p95.toFixed(0)} with it`;
      const verdict =
        limit === undefined ? "" : `, limit ${limit} ${holds ? "holds" : "GATE FAILED"}`;
      return `  ${times}, ratio ${ratio.toFixed(2)}${verdict}: ${flood}`;
    }),
    "  Not measured: logs that are followed, for which there is no kubelet here.",
  ];
}

async function measureBeside(
  flood: FloodRequest,
  neighbour: Neighbour,
  abort: AbortSignal,
): Promise<Latencies> {
  const { result } = await duringFlood(flood, async () => {
    await sleep(settleMilliseconds, undefined, { signal: abort });
    return latenciesOf(neighbour);
  });
  await sleep(settleMilliseconds, undefined, { signal: abort });
  return result;
}

/** Who waits in vain has waited all the same. */
function latenciesOf({ api, object }: Neighbour): Promise<Latencies> {
  return measureLatencies(measureMilliseconds, async () => {
    const { status } = await api.request("GET", object, undefined, { query: patience });
    if (status !== 200 && status !== 429) {
      throw new BenchmarkError(`The other project's pipeline was answered with ${status}.`);
    }
  });
}

/**
 * Seconds until a Deployment elsewhere has its first pod. They are told, not promised: what
 * controllers do for an environment is in no share of the API server.
 */
export interface ControllerWaits {
  readonly quiet: Spread;
  /** While the Deployments of an environment are changed that has the platform's share. */
  readonly busy: Spread;
}

const busyDeployments = 10;
const samples = 3;
const controllerSettleMilliseconds = 2_000;
const longestMilliseconds = 30_000;

/** Measures with the controller manager's default speed. */
export async function measureControllers(
  sandbox: Sandbox,
  { boundedFlood }: ApiClients,
  abort: AbortSignal,
): Promise<ControllerWaits> {
  const admin = new KubernetesApi(sandbox.kubeconfig);
  try {
    const busyPath = deployments("review-bounded");
    for (let index = 0; index < busyDeployments; index++) {
      await makeDeployment(admin, busyPath, `busy-${index}`, 0);
    }
    const quiet = await waits(admin, "quiet", abort);
    const flood = {
      kubeconfig: boundedFlood.kubeconfig,
      connections: busyDeployments,
      method: "PATCH",
      path: `${busyPath}/busy-#`,
      body: JSON.stringify({ spec: { template: { metadata: { annotations: { count: "@" } } } } }),
      headers: { "content-type": "application/merge-patch+json" },
    };
    const { result: busy } = await duringFlood(flood, async () => {
      await sleep(controllerSettleMilliseconds, undefined, { signal: abort });
      return waits(admin, "busy", abort);
    });
    return { quiet, busy };
  } finally {
    admin.close();
  }
}

/** The figures for people. */
export function renderControllers({ quiet, busy }: ControllerWaits): string[] {
  return [
    "Seconds until a Deployment elsewhere has its pod: median (least – most); no gate",
    `  ${renderSpread(quiet)} while nobody changes any, ${renderSpread(busy)} while an environment changes ` +
      `${busyDeployments} again and again`,
  ];
}

async function waits(admin: KubernetesApi, name: string, abort: AbortSignal): Promise<Spread> {
  const seconds: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now();
    await makeDeployment(admin, deployments("everyday"), `${name}-${sample}`, 1);
    await untilPod(admin, `${name}-${sample}-`, abort);
    seconds.push((performance.now() - start) / 1_000);
  }
  return spreadOf(seconds);
}

async function untilPod(admin: KubernetesApi, prefix: string, abort: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([abort, AbortSignal.timeout(longestMilliseconds)]);
  for (;;) {
    const { body } = await admin.request<{ items: { metadata: { name: string } }[] }>(
      "GET",
      "/api/v1/namespaces/everyday/pods",
    );
    if (body.items.some(({ metadata }) => metadata.name.startsWith(prefix))) {
      return;
    }
    await sleep(20, undefined, { signal });
  }
}

async function makeDeployment(
  admin: KubernetesApi,
  path: string,
  name: string,
  replicas: number,
): Promise<void> {
  const labels = { app: name };
  const containers = [{ name: "app", image: "registry.example.com/app" }];
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas, selector: { matchLabels: labels }, template };
  await makeObject(admin, path, { metadata: { name }, spec });
}

function deployments(namespace: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/deployments`;
}
