import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import type { Sandbox } from "secure-environment-sandbox";

import { BenchmarkError } from "./figures";
import { probingEnvironment, processLogVariable, withProcessorTime } from "./processes";

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

/** The user as whom a command runs. */
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

const repository = resolve(__dirname, "../..");

/** The policy pack, as it stands in a checkout. */
export const policyFolder = join(repository, "policy");

/**
 * Lays out the built program in a folder of its own, as an installed checkout:
 * `pulumi` writes stack settings beside Pulumi.yaml.
 */
export function placeEnvironmentProgram(folder: string): string {
  return placeProgram(repository, folder);
}

/** Lays out the platform's built program in the same way. */
export function placePlatformProgram(folder: string): string {
  return placeProgram(join(repository, "platform"), folder);
}

/** Lays out a program with the same dependencies and options that makes nothing. */
export function placeEmptyProgram(folder: string): string {
  mkdirSync(folder);
  cpSync(join(repository, "package.json"), join(folder, "package.json"));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const runtime = { name: "nodejs", options: { typescript: false } };
  // JSON is YAML.
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    JSON.stringify({ name: "empty", main: "empty.js", runtime }),
  );
  writeFileSync(join(folder, "empty.js"), 'require("@pulumi/pulumi");\n');
  return folder;
}

/** Lays out a policy pack with the same SDK and options that judges nothing. */
export function placeEmptyPolicyPack(folder: string): string {
  mkdirSync(folder);
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  const runtime = { name: "nodejs", options: { typescript: false } };
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ name: "empty", version: "0.1.0", main: "empty.js" }),
  );
  writeFileSync(join(folder, "PulumiPolicy.yaml"), JSON.stringify({ main: "empty.js", runtime }));
  writeFileSync(
    join(folder, "empty.js"),
    'new (require("@pulumi/policy").PolicyPack)("empty", { policies: [] });\n',
  );
  return folder;
}

function placeProgram(source: string, folder: string): string {
  mkdirSync(folder);
  for (const file of ["Pulumi.yaml", "package.json"]) {
    cpSync(join(source, file), join(folder, file));
  }
  symlinkSync(join(source, "bin"), join(folder, "bin"));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  return folder;
}
