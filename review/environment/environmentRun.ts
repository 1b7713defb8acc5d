import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Progress } from "../console";
import { type EngineEvent, nameOfUrn } from "../engine/engineEvents";
import { type EngineReport, exitCodeOf, reportOf } from "../engine/engineReport";
import { runUnlocked } from "../engine/lockedRun";
import { type ProjectFolder } from "../engine/projectFolder";
import { type PulumiEnd, runPulumi } from "../engine/pulumiProcess";
import { remediesFor } from "../engine/remedies";
import { runAgent } from "../engine/runAgent";
import { exitCodes, ReviewError } from "../exitCodes";
import { packageFolder } from "../packageFolder";
import { fullStackName, type Target } from "./target";

/** Where and how Pulumi works on the stack of an environment. */
export interface EnvironmentRun {
  readonly target: Target;
  readonly project: ProjectFolder;
  readonly progress: Progress;
  /** How long to wait for other runs, in milliseconds. */
  readonly wait: number;
  /** Environment variables of Pulumi and the program that differ from those of this process. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** How one run differs from others. */
interface EngineRunOptions {
  /** Where it runs; defaults to the folder that has nothing but the project. */
  readonly folder?: string;
  /** Called before each attempt; throws when there is no reason for it any more. */
  readonly before?: () => Promise<void> | void;
  /** Called once the lock of a killed run is removed, which may have left the stack in disorder. */
  readonly afterKilledRun?: () => Promise<unknown>;
  /** Milliseconds after which an attempt is ended. Default: when it ends by itself. */
  readonly limit?: number;
}

/** Runs Pulumi on the stack, after other runs, and says what came of it. */
export async function runEngine(
  { target, project, progress, wait, environment }: EnvironmentRun,
  args: readonly string[],
  { folder = project.folder, before, afterKilledRun, limit }: EngineRunOptions = {},
): Promise<EngineReport> {
  const stack = fullStackName(target);
  let events: EngineEvent[] = [];
  const run = async (): Promise<PulumiEnd> => {
    await before?.();
    events = [];
    return runPulumi({
      folder,
      environment,
      args: [...args, "--stack", stack, "--json", "--exec-agent", runAgent],
      limit,
      onEvent: (event) => {
        events.push(event);
        const step = event.resourcePreEvent?.metadata;
        if (step !== undefined && step.op !== "same") {
          progress.detail(`${step.op} ${nameOfUrn(step.urn)} (${kindOf(step.type)})`);
        }
      },
    });
  };
  const end = await runUnlocked(run, {
    wait,
    afterKilledRun,
    tell: (line) => progress.say(line),
  });
  return reportOf(events, end);
}

/** `kubernetes:core/v1:Namespace` is a Namespace. */
function kindOf(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/**
 * Makes the stack, unless there is one.
 *
 * @returns whether it was made.
 * @throws ReviewError when it could not be made.
 */
export async function createStack(run: EnvironmentRun): Promise<boolean> {
  const stack = fullStackName(run.target);
  const { project, environment } = run;
  const args = ["stack", "init", "--no-select", "--stack", stack];
  const end = await runPlain(run, () => runPulumi({ folder: project.folder, args, environment }));
  const { exitCode, words } = end;
  if (exitCode === 0) {
    return true;
  }
  if (/stack '[^']*' already exists/.test(words)) {
    return false;
  }
  const message = `The stack ${stack} could not be made: ${words.trim()}`;
  throw new ReviewError([message, ...remediesFor(words)].join("\n"), exitCodeOf(end));
}

/**
 * Forgets the stack, of which nothing stands any more.
 *
 * @throws ReviewError when that fails.
 */
export async function removeStack(run: EnvironmentRun): Promise<void> {
  const stack = fullStackName(run.target);
  const args = ["stack", "rm", "--yes", "--stack", stack];
  const end = await runPlain(run, () => runPulumi({ folder: run.project.folder, args }));
  const { exitCode, words } = end;
  if (exitCode !== 0 && exitCode !== exitCodes.noStack) {
    const message = `Nothing of ${stack} stands any more, but the stack could not be removed: ${words.trim()}`;
    throw new ReviewError(message, exitCodeOf(end));
  }
}

/** Does what is no run of the engine, after other runs; again when one has come before it. */
export function runPlain(
  { progress, wait }: EnvironmentRun,
  work: () => Promise<PulumiEnd>,
): Promise<PulumiEnd> {
  return runUnlocked(work, {
    wait,
    tell: (line) => progress.say(line),
  });
}

/** The package's program that is the policy pack: beside the folder of what is compiled. */
export const policyPack = join(packageFolder, "policyPack.js");

/** The arguments of Pulumi that have the policy pack judge the run. */
export function policyArguments({ target, project }: EnvironmentRun): readonly string[] {
  const configuration = join(dirname(project.settingsFile), "policies.json");
  writeFileSync(configuration, JSON.stringify(target.settings.policies), { mode: 0o600 });
  return ["--policy-pack", policyPack, "--policy-pack-config", configuration];
}
