import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { startSandbox, stopSandbox } from "secure-environment-sandbox";

import { BenchmarkError, measurePair, type Pair } from "./figures";
import type { RoundPlace } from "./life";
import { probeArguments, processLogVariable, readProcessLog } from "./processes";

/** Arguments of Node.js: what a program costs that does nothing, and the built one. */
const sdkAlone = ["--eval", 'require("@pulumi/pulumi")'];
const wholeProgram = [join(__dirname, "scripts", "wholeProgram.js")];

/** Where processes start. */
export interface ProgramStartPlace {
  readonly folder: string;
  /** The cluster that the program is told, and never asks. */
  readonly kubeconfig: string;
  readonly abort: AbortSignal;
}

/**
 * CPU seconds of a process that loads the built program and runs it to its end against mocks of
 * the engine, beside one that loads the SDK and does nothing.
 */
export async function measureProgramStart(
  rounds: number,
  place: ProgramStartPlace,
): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    const pair = await measurePair(
      round,
      () => cpuSecondsOf(wholeProgram, place),
      () => cpuSecondsOf(sdkAlone, place),
    );
    pairs.push(pair);
  }
  return pairs;
}

async function cpuSecondsOf(
  script: readonly string[],
  { folder, kubeconfig, abort }: ProgramStartPlace,
): Promise<number> {
  const logFile = join(folder, "program-start.jsonl");
  rmSync(logFile, { force: true });
  const child = spawn(process.execPath, [...probeArguments, ...script], {
    // From here `--eval` finds the modules of the repository.
    cwd: __dirname,
    env: { ...process.env, [processLogVariable]: logFile, KUBECONFIG: kubeconfig },
    stdio: ["ignore", "ignore", "inherit"],
    signal: abort,
    killSignal: "SIGKILL",
  });
  const [exitCode] = (await once(child, "exit")) as [number | null];
  const [record] = readProcessLog(logFile);
  if (exitCode !== 0 || record?.cpuSeconds === undefined) {
    throw new BenchmarkError(`node ${script.join(" ")} ended with ${exitCode ?? "a signal"}.`);
  }
  return record.cpuSeconds;
}

/**
 * Seconds in which further sandboxes start, their programs being built already, each beside an
 * `up` of a program with no resource that changes nothing.
 */
export async function measureSandboxStarts(
  rounds: number,
  { commands, emptyProgram, abort }: RoundPlace,
  folder: string,
): Promise<readonly Pair[]> {
  const stack = ["--stack", "unchanged"];
  await commands.pulumi(emptyProgram, "stack", "init", "--no-select", "unchanged");
  const up = () => commands.pulumi(emptyProgram, "up", "--yes", "--skip-preview", ...stack);
  await up();
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    const { numerator, denominator } = await measurePair(
      round,
      () => secondsToStart(join(folder, `sandbox-${round}`)),
      up,
    );
    abort.throwIfAborted();
    pairs.push({ numerator, denominator: denominator.seconds });
  }
  return pairs;
}

async function secondsToStart(stateDirectory: string): Promise<number> {
  const start = performance.now();
  await startSandbox({ stateDirectory });
  const seconds = (performance.now() - start) / 1000;
  await stopSandbox(stateDirectory);
  return seconds;
}
