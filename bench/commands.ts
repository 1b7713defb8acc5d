import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { performance } from "node:perf_hooks";
import type { Sandbox } from "secure-environment-sandbox";

import { type ApiRequest, requestsOf } from "./apiRequests";
import { BenchmarkError, type Spread, spreadOf } from "./figures";
import {
  probingEnvironment,
  processesOf,
  processLogVariable,
  type ProcessRecord,
  readProcessLog,
  type Role,
  withProcessorTime,
} from "./processes";

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

/** A part of a command's time, up to a moment that can be seen from outside. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
}

/** A part of a command's time in several runs. */
export interface PhaseSpread extends Spread {
  readonly name: string;
}

interface Milestone {
  readonly phase: string;
  /** Milliseconds since 1970; nothing when it was not seen, then its phase is part of the next. */
  readonly at: number | undefined;
}

/** The phases of all runs of one command, in order. Phases of single runs only are left out. */
export function phasesOf(runs: readonly CommandRun[], auditLog: string): readonly PhaseSpread[] {
  const timelines = runs.map((run) =>
    timeline(run, readProcessLog(run.processLog), requestsOf(auditLog, run.user)),
  );
  return (timelines[0] ?? [])
    .map(({ name }) => ({
      name,
      seconds: timelines.flatMap((phases) =>
        phases.filter((phase) => phase.name === name).map((phase) => phase.seconds),
      ),
    }))
    .filter(({ seconds }) => seconds.length === runs.length)
    .map(({ name, seconds }) => ({ name, ...spreadOf(seconds) }));
}

/** CPU seconds that the processes of a role took in each run; nothing where one was killed. */
export function cpuSecondsOf(runs: readonly CommandRun[], role: Role): readonly number[] {
  return runs.flatMap((run) => {
    const seconds = processesOf(readProcessLog(run.processLog), role).map(
      ({ cpuSeconds }) => cpuSeconds ?? NaN,
    );
    const total = seconds.reduce((sum, part) => sum + part, 0);
    return seconds.length === 0 || Number.isNaN(total) ? [] : [total];
  });
}

/** Cuts the time of a run at the moments that processes and requests have left behind. */
export function timeline(
  run: Pick<CommandRun, "startedAt" | "endedAt">,
  processes: readonly ProcessRecord[],
  requests: readonly ApiRequest[],
): readonly Phase[] {
  let before = run.startedAt;
  return milestones(run, processes, requests).flatMap(({ phase, at }) => {
    if (at === undefined) {
      return [];
    }
    const seconds = (at - before) / 1000;
    before = at;
    return [{ name: phase, seconds }];
  });
}

function milestones(
  run: Pick<CommandRun, "endedAt">,
  processes: readonly ProcessRecord[],
  requests: readonly ApiRequest[],
): readonly Milestone[] {
  const [firstHost, secondHost] = processesOf(processes, "language host");
  const [program] = processesOf(processes, "program");
  // What the program asks about its namespace comes before the provider's discovery of the types.
  const discovery = requests.findIndex(({ concernsObjects }) => !concernsObjects);
  const afterDiscovery = discovery < 0 ? requests : requests.slice(discovery);
  const answers = requests.map(({ answeredAt }) => answeredAt);
  return [
    { phase: "engine, until it starts the language host", at: firstHost?.startedAt },
    { phase: "language host, until it is started once more", at: secondHost?.startedAt },
    { phase: "language host, until it starts the program", at: program?.startedAt },
    {
      phase: `${program === undefined ? "engine" : "program"}, until the first request`,
      at: requests[0]?.receivedAt,
    },
    {
      phase: "look at the namespace and start of the provider, until its first request",
      at: discovery > 0 ? requests[discovery]?.receivedAt : undefined,
    },
    {
      phase: "discovery, until the first request about objects",
      at: afterDiscovery.find(({ concernsObjects }) => concernsObjects)?.receivedAt,
    },
    {
      phase: "objects, until the last answer",
      at: answers.length > 0 ? Math.max(...answers) : undefined,
    },
    { phase: "program, until it ends", at: program?.endedAt },
    { phase: "engine, until it ends", at: run.endedAt },
  ];
}
