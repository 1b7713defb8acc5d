import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";

import { BenchmarkError, type Figure, type Pair } from "./figures";
import type { RoundPlace } from "./life";

const review = resolve(__dirname, "../../review/review.js");

/** Seconds of the `review` command, each beside what it is compared with. */
export interface ReviewPairs {
  readonly newEnvironment: readonly Pair[];
  readonly judgedEnvironment: readonly Pair[];
  readonly unchanged: readonly Pair[];
  readonly name: readonly Pair[];
}

/**
 * Brings environments up by the `review` command. All runs of a round are compared with the same `up` of a
 * program with no resource, which is run in their middle.
 */
export async function measureReview(
  rounds: number,
  place: RoundPlace,
  folder: string,
): Promise<ReviewPairs> {
  const checkout = join(folder, "review");
  mkdirSync(checkout);
  writeFileSync(join(checkout, "review.yaml"), "project: bench\n");
  const run = (...args: readonly string[]) => reviewSeconds(place, checkout, args);
  // What comes first compiles the command, and finds cold file caches.
  await run("name", "warm-up");
  await run("up", "warm-up");
  await run("up", "warm-up", "--no-policy");
  const pairs = { newEnvironment: [], judgedEnvironment: [], unchanged: [], name: [] } as {
    [Name in keyof ReviewPairs]: Pair[];
  };
  for (let round = 0; round < rounds; round++) {
    const branch = `review-${round}`;
    const newEnvironment = await run("up", branch, "--no-policy");
    const judgedEnvironment = await run("up", `judged-${round}`);
    const denominator = await secondsOfEmptyUp(place, round);
    const unchanged = await run("up", branch, "--no-policy");
    pairs.newEnvironment.push({ numerator: newEnvironment, denominator });
    pairs.judgedEnvironment.push({ numerator: judgedEnvironment, denominator });
    pairs.unchanged.push({ numerator: unchanged, denominator });
    pairs.name.push({
      numerator: await run("name", branch),
      denominator: await secondsOf(place, process.execPath, ["--eval", "0"], checkout),
    });
  }
  return pairs;
}

/** What the pairs say. */
export function reviewFigures(pairs: ReviewPairs): readonly Figure[] {
  const emptyUp = "up of a program with no resource, on a fresh stack";
  return [
    {
      name: "review up",
      numerator: "review up of a new environment and its stack, without the policy pack",
      denominator: emptyUp,
      aim: { of: "ratio", atMost: 1.2 },
      pairs: pairs.newEnvironment,
    },
    {
      name: "review up, judged",
      numerator: "review up of a new environment and its stack, with the policy pack",
      denominator: emptyUp,
      aim: { of: "ratio", atMost: 1.6 },
      pairs: pairs.judgedEnvironment,
    },
    {
      name: "review up that changes nothing",
      numerator: "review up of an environment that is up to date, with a refresh",
      denominator: emptyUp,
      aim: { of: "ratio", atMost: 0.9 },
      pairs: pairs.unchanged,
    },
    {
      name: "review name",
      numerator: "review name",
      denominator: "Node.js that does nothing",
      aim: { of: "numerator", atMost: 0.15 },
      pairs: pairs.name,
    },
  ];
}

async function secondsOfEmptyUp({ commands, emptyProgram }: RoundPlace, round: number) {
  const stack = `beside-review-${round}`;
  await commands.pulumi(emptyProgram, "stack", "init", "--no-select", stack);
  const up = ["up", "--yes", "--skip-preview", "--stack", stack];
  return (await commands.pulumi(emptyProgram, ...up)).seconds;
}

/** The seconds of a run of the command. */
export function reviewSeconds(
  place: RoundPlace,
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  return secondsOf(place, process.execPath, [review, ...args], cwd, env);
}

/** The seconds of a command, which has to succeed. */
export async function secondsOf(
  { sandbox, abort }: RoundPlace,
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const start = performance.now();
  const result = await sandbox.exec(command, args, { cwd, env, signal: abort });
  if (result.exitCode !== 0) {
    const line = [command, ...args].join(" ");
    throw new BenchmarkError(`${line} failed:\n${result.stdout}${result.stderr}`);
  }
  return (performance.now() - start) / 1000;
}
