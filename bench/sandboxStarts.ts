import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { startSandbox, stopSandbox } from "secure-environment-sandbox";

import { measurePair, type Pair } from "./ratios";
import type { RoundPlace } from "./rounds";

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
