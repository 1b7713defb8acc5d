import { dirname } from "node:path";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Progress } from "../console";
import { breakLocks } from "../engine/brokenLocks";
import { type EngineEvent, nameOfUrn } from "../engine/engineEvents";
import { type EngineReport, reportOf } from "../engine/engineReport";
import { runUnlocked } from "../engine/lockedRun";
import { type ProjectFolder } from "../engine/projectFolder";
import { type PulumiEnd, runPulumi } from "../engine/pulumiProcess";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Checkpoint, type ResourceState } from "../state/checkpoint";
import { packageFolder } from "../packageFolder";
import { fullStackName, type Target } from "./target";

/** Where and how Pulumi works on the stack of an environment. */
export interface EnvironmentRun {
  readonly target: Target;
  readonly project: ProjectFolder;
  readonly progress: Progress;
  /** How long to wait for other runs, in milliseconds. */
  readonly wait: number;
}

/** How one run differs from others. */
interface EngineRunOptions {
  /** Where it runs; defaults to the folder that has nothing but the project. */
  readonly folder?: string;
  /** Called before each attempt; throws when there is no reason for it any more. */
  readonly before?: () => void;
  /** Called once the lock of a killed run is removed, which may have left the stack in disorder. */
  readonly afterKilledRun?: () => Promise<unknown>;
}

/** Runs Pulumi on the stack, after other runs, and says what came of it. */
export async function runEngine(
  { target, project, progress, wait }: EnvironmentRun,
  args: readonly string[],
  { folder = project.folder, before, afterKilledRun }: EngineRunOptions = {},
): Promise<EngineReport> {
  const stack = fullStackName(target);
  let events: EngineEvent[] = [];
  const run = (): Promise<PulumiEnd> => {
    before?.();
    events = [];
    return runPulumi({
      folder,
      args: [...args, "--stack", stack, "--json"],
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
    breakLocks: async (locks) => {
      await breakLocks(project.folder, stack, locks);
      await afterKilledRun?.();
    },
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
  const args = ["stack", "init", "--no-select", "--stack", stack];
  const { exitCode, words, isCancelled } = await runPlain(run, () =>
    runPulumi({ folder: run.project.folder, args }),
  );
  if (exitCode === 0) {
    return true;
  }
  if (/stack '[^']*' already exists/.test(words)) {
    return false;
  }
  const code = isCancelled ? exitCodes.cancelled : exitCodes.failed;
  throw new ReviewError(`The stack ${stack} could not be made: ${words.trim()}`, code);
}

/**
 * Forgets the stack, of which nothing stands any more.
 *
 * @throws ReviewError when that fails.
 */
export async function removeStack(run: EnvironmentRun): Promise<void> {
  const stack = fullStackName(run.target);
  const { exitCode, words } = await runPlain(run, () =>
    runPulumi({ folder: run.project.folder, args: ["stack", "rm", "--yes", "--stack", stack] }),
  );
  if (exitCode !== 0 && exitCode !== exitCodes.noStack) {
    const message = `Nothing of ${stack} stands any more, but the stack could not be removed: ${words.trim()}`;
    throw new ReviewError(message, exitCodes.failed);
  }
}

/**
 * Forgets a stack that a failed run has made, and nothing in it. What that run says it is told already, so
 * nothing is said here.
 */
export async function forgetEmptyStack({ target, project }: EnvironmentRun): Promise<void> {
  const stack = ["--stack", fullStackName(target)];
  const { folder } = project;
  const { output } = await runPulumi({ folder, args: ["stack", "export", ...stack] });
  if (isEmpty(output)) {
    await runPulumi({ folder, args: ["stack", "rm", "--yes", "--force", ...stack] });
  }
}

/** Whether a state has nothing but what Pulumi keeps for itself; not where it cannot be read. */
function isEmpty(state: string): boolean {
  try {
    const { deployment } = JSON.parse(state) as Checkpoint;
    const { resources = [], pending_operations: pending = [] } = deployment;
    const isKept = ({ type }: ResourceState) => /^pulumi:(pulumi:Stack$|providers:)/.test(type);
    return pending.length === 0 && resources.every(isKept);
  } catch {
    return false;
  }
}

/** Does what is no run of the engine, after other runs; again when one has come before it. */
export function runPlain(
  { target, project, progress, wait }: EnvironmentRun,
  work: () => Promise<PulumiEnd>,
): Promise<PulumiEnd> {
  return runUnlocked(work, {
    wait,
    breakLocks: (locks) => breakLocks(project.folder, fullStackName(target), locks),
    tell: (line) => progress.say(line),
  });
}

/** The package's program that is the policy pack: beside the folder of what is compiled. */
const policyPack = join(packageFolder, "policyPack.js");

/** The arguments of Pulumi that have the policy pack judge the run. */
export function policyArguments({ target, project }: EnvironmentRun): readonly string[] {
  const configuration = join(dirname(project.settingsFile), "policies.json");
  writeFileSync(configuration, JSON.stringify(target.settings.policies), { mode: 0o600 });
  return ["--policy-pack", policyPack, "--policy-pack-config", configuration];
}
