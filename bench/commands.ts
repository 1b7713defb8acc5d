import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Sandbox } from "secure-environment-sandbox";

import { BenchmarkError } from "./errors";
import { probingEnvironment, processLogVariable } from "./processLog";
import { withProcessorTime } from "./processorTime";

/** A `pulumi` command that was run, and where to find what happened meanwhile. */
export interface CommandRun {
  readonly seconds: number;
  /** Of all processes together: engine, language hosts, program, policy pack and provider. */
  readonly cpuSeconds: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** The user of the API as whom it ran. */
  readonly user: string;
  /** What its Node.js processes said about themselves. */
  readonly processLog: string;
  readonly output: string;
}

/** Somebody as whom a command runs. */
export interface Caller {
  readonly user: string;
  readonly kubeconfig: string;
}

/** Runs `pulumi` in the sandbox. */
export class Commands {
  private runs = 0;

  /**
   * @param callerOf says as whom each run goes. Default a new administrator each time, so that the
   * requests of all runs can be told apart.
   */
  constructor(
    private readonly sandbox: Sandbox,
    private readonly folder: string,
    private readonly abort: AbortSignal,
    private readonly callerOf = (run: number): Promise<Caller> => newAdministrator(sandbox, run),
  ) {}

  /** @throws BenchmarkError with the output when the command fails. */
  async pulumi(programFolder: string, ...commandArguments: string[]): Promise<CommandRun> {
    const run = ++this.runs;
    const { user, kubeconfig } = await this.callerOf(run);
    const processLog = join(this.folder, `${run}.jsonl`);
    const startedAt = Date.now();
    const start = performance.now();
    const { result, cpuSeconds } = await withProcessorTime(
      `${processLogVariable}=${processLog}`,
      () =>
        this.sandbox.exec("pulumi", ["--non-interactive", ...commandArguments], {
          cwd: programFolder,
          env: { ...probingEnvironment(processLog), KUBECONFIG: kubeconfig },
          signal: this.abort,
        }),
    );
    const seconds = (performance.now() - start) / 1000;
    if (result.exitCode !== 0) {
      const command = ["pulumi", ...commandArguments].join(" ");
      throw new BenchmarkError(`${command} failed:\n${result.stdout}${result.stderr}`);
    }
    const endedAt = Date.now();
    return { seconds, cpuSeconds, startedAt, endedAt, user, processLog, output: result.stdout };
  }
}

async function newAdministrator(sandbox: Sandbox, run: number): Promise<Caller> {
  const user = `benchmark-${run}`;
  return { user, kubeconfig: await sandbox.userKubeconfig(user, ["system:masters"]) };
}
