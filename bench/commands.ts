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
  /** The user of the API as whom it ran; nobody else is that user. */
  readonly user: string;
  /** What its Node.js processes said about themselves. */
  readonly processLog: string;
  readonly output: string;
}

/** Runs `pulumi` in the sandbox, each time as a new administrator so that requests can be told apart. */
export class Commands {
  private runs = 0;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly folder: string,
    private readonly abort: AbortSignal,
  ) {}

  /** @throws BenchmarkError with the output when the command fails. */
  async pulumi(programFolder: string, ...commandArguments: string[]): Promise<CommandRun> {
    const user = `benchmark-${++this.runs}`;
    const kubeconfig = await this.sandbox.userKubeconfig(user, ["system:masters"]);
    const processLog = join(this.folder, `${user}.jsonl`);
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
