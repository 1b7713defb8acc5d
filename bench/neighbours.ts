import { setTimeout as sleep } from "node:timers/promises";

import type { ApiShareScene, Neighbour } from "./apiShareScene";
import { BenchmarkError } from "./errors";
import { duringFlood, type FloodRequest } from "./flood";
import { type Latencies, measureLatencies } from "./latencies";

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
  scene: ApiShareScene,
  abort: AbortSignal,
): Promise<readonly NeighbourFigure[]> {
  const figures: NeighbourFigure[] = [];
  for (const { flood, limit, request } of kinds) {
    const besides = ({ kubeconfig, path, connections }: FloodRequest, neighbour: Neighbour) =>
      measureBeside({ kubeconfig, connections, ...request(path) }, neighbour, abort);
    const bounded = await besides(scene.boundedFlood, scene.boundedPipeline);
    const unbounded = await besides(scene.unboundedFlood, scene.unboundedPipeline);
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
