import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox, stopSandbox } from "secure-environment-sandbox";

import { type ApiShareScene, prepareApiShare } from "./apiShareScene";
import { type ControllerWaits, measureControllers } from "./controllers";
import { BenchmarkError } from "./errors";
import { duringFlood, type FloodReport, type FloodRequest } from "./flood";
import { type Latencies, measureLatencies } from "./latencies";
import { measureNeighbours, type NeighbourFigure } from "./neighbours";
import { measurePair } from "./ratios";

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
    const scene = await prepareApiShare(sandbox, abort);
    const measured: ApiShareRound[] = [];
    for (let round = 0; round < rounds; round++) {
      measured.push(await runRound(round, scene, abort));
    }
    const neighbours = await measureNeighbours(scene, abort);
    const controllers = await measureControllers(sandbox, scene, abort);
    [scene.user, scene.boundedPipeline.api, scene.unboundedPipeline.api].forEach((api) =>
      api.close(),
    );
    return { rounds: measured, neighbours, controllers };
  } finally {
    await stopSandbox(stateDirectory);
  }
}

async function runRound(
  round: number,
  scene: ApiShareScene,
  abort: AbortSignal,
): Promise<ApiShareRound> {
  const quiet = await latenciesOfUser(scene);
  const { numerator: bounded, denominator: unbounded } = await measurePair(
    round,
    () => flooded(scene, scene.boundedFlood, abort),
    () => flooded(scene, scene.unboundedFlood, abort),
  );
  return { quiet, unbounded, bounded };
}

async function flooded(
  scene: ApiShareScene,
  request: FloodRequest,
  abort: AbortSignal,
): Promise<Flooded> {
  const { result: latencies, report: flood } = await duringFlood(request, async () => {
    await sleep(settleMilliseconds, undefined, { signal: abort });
    return latenciesOfUser(scene);
  });
  await sleep(settleMilliseconds, undefined, { signal: abort });
  return { latencies, flood };
}

/** The user reads and changes the same object in turns. */
function latenciesOfUser({ user, userObject }: ApiShareScene): Promise<Latencies> {
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
