import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Sandbox, startSandbox, stopSandbox } from "secure-environment-sandbox";

import { measureApiShare } from "./apiShare";
import { type CommandRun, Commands, placeEmptyProgram, placeEnvironmentProgram } from "./commands";
import { renderBudgets } from "./figures";
import { isolationHeading, measureIsolation } from "./isolation";
import { measurePipelineLives, type Round, runRound } from "./life";
import { measurePackets, renderPackets } from "./packets";
import { measureJudgedUps, measurePolicyPack, policyPackHeading } from "./policyPack";
import { countsProcessorTime } from "./processes";
import { renderReport } from "./report";
import { measureReview } from "./reviewCommand";
import { measureReviewList } from "./reviewList";
import { allGatesHold, type Measurements, type Results, resultsOf } from "./results";
import { measureProgramStart, measureSandboxStarts } from "./starts";

const exitCodes = { done: 0, failed: 1, usage: 2 };

/** The audit log tells of the end of a watch a little after its client has left. */
const auditMilliseconds = 1_000;

async function main(commandLine: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = parseOptions(commandLine);
  } catch (error) {
    tell(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return exitCodes.usage;
  }
  const isolation = await measureIsolation(options.rounds);
  console.log(renderBudgets(isolationHeading, isolation));
  const policyPack = await measurePolicyPack(options.rounds);
  console.log(renderBudgets(policyPackHeading, policyPack));
  tell(`Packets before a policy binds: ${options.rounds} rounds`);
  console.log(renderPackets(await measurePackets(options.rounds)));
  return untilInterrupted(async (abort) => {
    const results = await measuredIn(options.rounds, abort);
    console.log(renderReport(results));
    if (options.jsonFile !== undefined) {
      writeFileSync(options.jsonFile, `${JSON.stringify(results, undefined, 2)}\n`);
    }
    const allHold =
      allGatesHold(results) && [...isolation, ...policyPack].every(({ holds }) => holds);
    return allHold ? exitCodes.done : exitCodes.failed;
  });
}

/** Measures in a sandbox of its own, of which nothing is left behind. */
async function measuredIn(rounds: number, abort: AbortSignal): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-bench-"));
  const stateDirectory = join(folder, "sandbox");
  try {
    const sandbox = await startSandbox({ stateDirectory });
    const measurements = await measure({ sandbox, folder, rounds, tell, abort });
    await sleep(auditMilliseconds, undefined, { signal: abort });
    return resultsOf(measurements, sandbox.tools, readFileSync(sandbox.auditLog, "utf8"));
  } finally {
    await stopSandbox(stateDirectory);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the measurements need. */
interface Bench {
  readonly sandbox: Sandbox;
  /** Everything that is written goes in here. */
  readonly folder: string;
  /** How often each pair is measured. */
  readonly rounds: number;
  readonly tell: (line: string) => void;
  readonly abort: AbortSignal;
}

/** Takes all measurements in a sandbox that runs. */
async function measure({ sandbox, folder, rounds, tell, abort }: Bench): Promise<Measurements> {
  const commandFolder = join(folder, "commands");
  mkdirSync(commandFolder);
  const commands = new Commands(sandbox, commandFolder, abort);
  const environmentProgram = placeEnvironmentProgram(join(folder, "environment"));
  const emptyProgram = placeEmptyProgram(join(folder, "empty"));
  const place = { sandbox, commands, environmentProgram, emptyProgram, abort };

  tell(`Program start: ${rounds} pairs`);
  // What comes first finds cold file caches, so it is left out of every time.
  const [, ...programStarts] = await measureProgramStart(rounds + 1, {
    folder,
    kubeconfig: sandbox.kubeconfig,
    abort,
  });
  tell("up, up again and destroy: a round to warm up");
  const warmUp = await runRound(0, place);
  const measured: Round[] = [];
  for (let round = 1; round <= rounds; round++) {
    tell(`up, up again and destroy: round ${round} of ${rounds}`);
    measured.push(await runRound(round, place));
  }
  tell(`up with and without the policy pack: ${rounds} rounds`);
  const judgedUps = countsProcessorTime ? await measureJudgedUps(rounds, place, folder) : undefined;
  tell(`Sandbox start: ${rounds} pairs`);
  const sandboxStarts = await measureSandboxStarts(rounds, place, folder);
  const versions: CommandRun[] = [];
  for (let round = 0; round < rounds; round++) {
    versions.push(await commands.pulumi(folder, "version"));
  }
  tell(`up and destroy as a pipeline: ${rounds} pairs`);
  const pipelineLives = await measurePipelineLives(rounds, place, folder);
  tell(`review up: ${rounds} rounds`);
  const reviews = await measureReview(rounds, place, folder);
  tell(`review list: ${rounds} rounds`);
  const reviewLists = await measureReviewList(rounds, place, folder);
  tell(`Share of the API server: ${rounds} rounds`);
  const apiShare = await measureApiShare(rounds, folder, abort);
  return {
    programStarts,
    warmUp,
    rounds: measured,
    judgedUps,
    sandboxStarts,
    versions,
    apiShare,
    pipelineLives,
    reviews,
    reviewLists,
  };
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What the command line asks for. */
interface Options {
  /** How often each pair is measured. */
  readonly rounds: number;
  /** Where the results go as JSON. */
  readonly jsonFile?: string;
}

/** How the command is called. */
const usage = "usage: npm run bench -- [--rounds NUMBER] [--json FILE]";

/** @throws Error when the arguments are none that the command knows. */
function parseOptions(commandLine: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...commandLine],
    options: { rounds: { type: "string", default: "5" }, json: { type: "string" } },
  });
  if (!/^[1-9]\d?$/.test(values.rounds)) {
    throw new Error(`--rounds is ${values.rounds}. Give a number from 1 to 99.`);
  }
  return { rounds: Number(values.rounds), jsonFile: values.json };
}

const stopSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs `work` so that a stop signal ends it through its own clean-up: the `AbortSignal` fires, and
 * `work` undoes what it has begun.
 *
 * @returns the exit code: what `work` says, or 128 plus the number of the signal.
 */
async function untilInterrupted(work: (abort: AbortSignal) => Promise<number>): Promise<number> {
  const controller = new AbortController();
  let stoppedBy: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    stoppedBy ??= signal;
    controller.abort();
  };
  stopSignals.forEach((signal) => process.on(signal, stop));
  try {
    const exitCode = await work(controller.signal);
    return stoppedBy === undefined ? exitCode : 128 + constants.signals[stoppedBy];
  } catch (error) {
    if (stoppedBy === undefined) {
      throw error;
    }
    return 128 + constants.signals[stoppedBy];
  } finally {
    stopSignals.forEach((signal) => process.off(signal, stop));
  }
}

main(process.argv.slice(2)).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = exitCodes.failed;
  },
);
