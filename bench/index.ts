import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSandbox, stopSandbox } from "secure-environment-sandbox";

import { measure } from "./benchmark";
import { renderBudgets } from "./budgets";
import { untilInterrupted } from "./interruption";
import { isolationHeading, measureIsolation } from "./isolation";
import { type Options, parseOptions, usage } from "./options";
import { measurePolicyPack, policyPackHeading } from "./policyPack";
import { renderReport } from "./report";
import { allGatesHold, type Results, resultsOf } from "./results";

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

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

main(process.argv.slice(2)).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = exitCodes.failed;
  },
);
