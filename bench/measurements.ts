import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "secure-environment-sandbox";

import { type ApiShareMeasurements, measureApiShare } from "./apiShare";
import { type CommandRun, Commands, placeEmptyProgram, placeEnvironmentProgram } from "./commands";
import type { Pair } from "./figures";
import { type LifePair, measurePipelineLives, type Round, runRound } from "./life";
import { type JudgedUps, measureJudgedUps } from "./policyPack";
import { countsProcessorTime } from "./processes";
import { measureProgramStart, measureSandboxStarts } from "./starts";

/** All that was measured, before anything is made of it. */
export interface Measurements {
  /** CPU seconds. */
  readonly programStarts: readonly Pair[];
  readonly warmUp: Round;
  readonly rounds: readonly Round[];
  /** Nothing where CPU seconds cannot be counted. */
  readonly judgedUps?: JudgedUps;
  readonly sandboxStarts: readonly Pair[];
  readonly versions: readonly CommandRun[];
  readonly apiShare: ApiShareMeasurements;
  readonly pipelineLives: readonly LifePair[];
}

/** What the measurements need. */
export interface Bench {
  readonly sandbox: Sandbox;
  /** Everything that is written goes in here. */
  readonly folder: string;
  /** How often each pair is measured. */
  readonly rounds: number;
  readonly tell: (line: string) => void;
  readonly abort: AbortSignal;
}

/** Takes all measurements in a sandbox that runs. */
export async function measure({
  sandbox,
  folder,
  rounds,
  tell,
  abort,
}: Bench): Promise<Measurements> {
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
  };
}
