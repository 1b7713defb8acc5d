import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox, stopSandbox } from "secure-environment-sandbox";

import {
  BenchmarkError,
  type Latencies,
  measureLatencies,
  measurePair,
  ratiosOf,
  renderSpread,
  type Spread,
  spreadOf,
} from "./figures";
import {
  type ApiClients,
  duringFlood,
  type FloodReport,
  type FloodRequest,
  prepareApiClients,
} from "./flood";
import {
  type ControllerWaits,
  measureControllers,
  measureNeighbours,
  type NeighbourFigure,
} from "./neighbours";

/** What an ordinary user notices while an environment floods the API server. */
export interface Flooded {
  readonly latencies: Latencies;
  readonly flood: FloodReport;
}

/** How an ordinary user fares in a cluster, once with each kind of neighbour. */
export interface ApiShareRound {
  readonly quiet: Latencies;
  /** The environment has the share of the API server that all service accounts have. */
  readonly unbounded: Flooded;
  /** The environment has the platform's share. */
  readonly bounded: Flooded;
}

/**
 * An eighth of the defaults, which are made for far more than two cores: seats of an API server are
 * what its cores can serve at a time.
 */
const apiServerArguments = ["--max-requests-inflight=50", "--max-mutating-requests-inflight=25"];

const measureMilliseconds = 4_000;
/** In which a flood swells before the measurement, and runs dry after it. */
const settleMilliseconds = 2_000;

/** What was measured of floods. */
export interface ApiShareMeasurements {
  readonly rounds: readonly ApiShareRound[];
  readonly neighbours: readonly NeighbourFigure[];
  readonly controllers: ControllerWaits;
}

/** Measures in a sandbox of its own, whose API server is as small as the machine. */
export async function measureApiShare(
  rounds: number,
  folder: string,
  abort: AbortSignal,
): Promise<ApiShareMeasurements> {
  const stateDirectory = join(folder, "api-share");
  const sandbox = await startSandbox({
    stateDirectory,
    extraApiServerArguments: apiServerArguments,
  });
  try {
    const clients = await prepareApiClients(sandbox, abort);
    const measured: ApiShareRound[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(await runRound(round, clients, abort));
    }
    const neighbours = await measureNeighbours(clients, abort);
    const controllers = await measureControllers(sandbox, clients, abort);
    [clients.user, clients.boundedPipeline.api, clients.unboundedPipeline.api].forEach((api) =>
      api.close(),
    );
    return { rounds: measured, neighbours, controllers };
  } finally {
    await stopSandbox(stateDirectory);
  }
}

async function runRound(
  round: number,
  clients: ApiClients,
  abort: AbortSignal,
): Promise<ApiShareRound> {
  const quiet = await latenciesOfUser(clients);
  const { numerator: bounded, denominator: unbounded } = await measurePair(
    round,
    () => flooded(clients, clients.boundedFlood, abort),
    () => flooded(clients, clients.unboundedFlood, abort),
  );
  return { quiet, unbounded, bounded };
}

async function flooded(
  clients: ApiClients,
  request: FloodRequest,
  abort: AbortSignal,
): Promise<Flooded> {
  const { result: latencies, report: flood } = await duringFlood(request, async () => {
    await sleep(settleMilliseconds, undefined, { signal: abort });
    return latenciesOfUser(clients);
  });
  await sleep(settleMilliseconds, undefined, { signal: abort });
  return { latencies, flood };
}

/** The user reads and changes the same object in turns. */
function latenciesOfUser({ user, userObject }: ApiClients): Promise<Latencies> {
  return measureLatencies(measureMilliseconds, async (index) => {
    const { status } =
      index % 2 === 0
        ? await user.request("GET", userObject)
        : await user.request("PATCH", userObject, change(index), {
            contentType: "application/merge-patch+json",
          });
    if (status !== 200) {
      throw new BenchmarkError(`The ordinary user's request was answered with ${status}.`);
    }
  });
}

function change(index: number) {
  return { data: { text: String(index) } };
}

/** What an ordinary user notices of a flood with the platform, beside a flood without it. */
export interface FeltFlood {
  /** Of the times in which 95 of 100 requests are answered. */
  readonly ratio: Spread;
  readonly limit: number;
  readonly holds: boolean;
}

/** At most this part of a flood without the platform is felt with it. */
const limit = 0.5;

/** Works out the medians, which are held against the limit. */
export function feltFloodOf(rounds: readonly ApiShareRound[]): FeltFlood {
  const ratio = ratiosOf(
    rounds.map(({ bounded, unbounded }) => ({
      numerator: bounded.latencies.p95,
      denominator: unbounded.latencies.p95,
    })),
  );
  return { ratio, limit, holds: ratio.median <= limit };
}

/** What an ordinary user notices of floods, for people. */
export function renderApiShare(
  rounds: readonly ApiShareRound[],
  { ratio: felt, limit, holds }: FeltFlood,
): string[] {
  const quiet = ({ quiet: latencies }: ApiShareRound) => latencies;
  const unbounded = ({ unbounded: { latencies } }: ApiShareRound) => latencies;
  const bounded = ({ bounded: { latencies } }: ApiShareRound) => latencies;
  const ratio = (one: Choice, other: Choice) =>
    ratiosOf(rounds.map((round) => ({ numerator: one(round).p95, denominator: other(round).p95 })));
  return [
    "Milliseconds in which an ordinary user of the cluster is answered: median (least – most)",
    ...renderLatencies("while no environment asks for anything", rounds.map(quiet)),
    ...renderLatencies("while an environment floods, without the platform", rounds.map(unbounded)),
    ...renderLatencies("while an environment floods, with the platform", rounds.map(bounded)),
    `  p95, flood without the platform ÷ no flood: ${renderSpread(ratio(unbounded, quiet))}`,
    `  p95, flood with the platform ÷ no flood: ${renderSpread(ratio(bounded, quiet))}`,
    `  p95, flood with ÷ without the platform: ${renderSpread(felt)}, ` +
      `limit ${limit} ${holds ? "holds" : "GATE FAILED"}`,
  ];
}

type Choice = (round: ApiShareRound) => Latencies;

function renderLatencies(when: string, latencies: readonly Latencies[]): string[] {
  const median = renderSpread(spreadOf(latencies.map(({ median: p50 }) => p50)));
  const p95 = renderSpread(spreadOf(latencies.map((each) => each.p95)));
  return [`  p50 ${median}, p95 ${p95}  ${when}`];
}
