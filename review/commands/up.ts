import { spawnSync } from "node:child_process";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { withinBudget } from "../budget/withinBudget";
import { standingCost } from "../budget/standingCost";
import { type Cluster, connectTo } from "../cluster/cluster";
import { type Progress } from "../console";
import { durationOf } from "../duration";
import { type EngineReport, refusals } from "../engine/engineReport";
import { withProjectFolder } from "../engine/projectFolder";
import {
  createStack,
  type EnvironmentRun,
  policyArguments,
  runEngine,
} from "../environment/environmentRun";
import { expiryConfiguration } from "../environment/expiry";
import { heal } from "../environment/healing";
import { standingOnceDeleted } from "../environment/heldNamespaces";
import { withProgram } from "../environment/program";
import { requireHarmlessProvider } from "../environment/providerVariables";
import { forgetEmptyStack } from "../environment/recovery";
import { givenConfiguration } from "../environment/runConfiguration";
import { requireCluster, standingNamespaces } from "../environment/standing";
import { fullStackName, type Target } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { lookForSleep, wakeOnceUp } from "../sleep/wakeOnceUp";
import { Clock } from "./clock";
import { type Outcome, recorded } from "./recorded";
import { reportedOfBranch } from "./reported";
import { type RecordedVerb } from "./runRecord";
import { describeUp, type UpResult } from "./upResult";
import { appendVariables, requireAppendable } from "./variablesFile";

/** How an environment is brought up. */
export interface UpOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** Configuration of this run alone, as `key=value`. */
  readonly set: readonly string[];
  /** How long to wait for another run, such as `10m`. */
  readonly wait: string;
  /** A shell command that fails when the branch is to have no environment any more. */
  readonly stillOpen?: string;
  readonly refresh: boolean;
  readonly policy: boolean;
  /** A file for what came of it, for later steps of a pipeline. */
  readonly result?: string;
  /** A file to which variables for later jobs of a pipeline are appended. */
  readonly variables?: string;
  readonly json?: boolean;
}

/**
 * Brings the environment of a branch up, or up to date, and wakes what sleeps in it.
 *
 * @throws ReviewError when it was refused, could not be made, or another run is at work on it.
 */
export async function up(given: string | undefined, options: UpOptions): Promise<void> {
  await broughtUp("up", given, options, (target) =>
    reportedOfBranch(
      target,
      options,
      (progress) => bringUpAwake(target, options, progress),
      (result) => describeUp(result, target),
    ),
  );
}

async function bringUpAwake(
  target: Target,
  options: UpOptions,
  progress: Progress,
): Promise<UpResult> {
  const look = lookForSleep(target);
  const result = await bringUp(target, options, progress);
  const { woken, warnings } = await wakeOnceUp(look, progress);
  return {
    ...result,
    ...(woken.length > 0 && { woken }),
    warnings: [...result.warnings, ...warnings],
  };
}

/** Writes what came of bringing an environment up where the options say. */
export async function broughtUp(
  verb: RecordedVerb,
  given: string | undefined,
  options: UpOptions,
  work: (target: Target) => Promise<Outcome<UpResult>>,
): Promise<void> {
  const { variables } = options;
  await recorded(verb, given, options, async (target) => {
    if (variables === undefined) {
      return work(target);
    }
    requireAppendable(variables);
    const outcome = await work(target);
    if ("result" in outcome) {
      appendVariables(variables, outcome.result);
    }
    return outcome;
  });
}

/**
 * As `up`, for a branch that gets an environment. A stack that stood when this run looked may be gone by its
 * turn: then all begins anew, as the environment is a new one.
 */
export async function bringUp(
  target: Target,
  options: UpOptions,
  progress: Progress,
): Promise<UpResult> {
  requireHarmlessProvider();
  for (;;) {
    const result = await bringUpOnce(target, options, progress);
    if (result !== undefined) {
      return result;
    }
  }
}

/** @returns `undefined` when its stack was gone by the turn of this run. */
async function bringUpOnce(
  target: Target,
  options: UpOptions,
  progress: Progress,
): Promise<UpResult | undefined> {
  const { settings } = target;
  const wait = durationOf(options.wait, "--wait");
  const clock = new Clock();
  const cluster = connectTo(settings);
  progress.step(`Looking at the cluster ${cluster.server}`);
  await requireCluster(cluster, target);
  const standing = await standingOf(cluster, target, options, progress);
  clock.end("look");
  const expiry = expiryConfiguration(settings.lifetime, standing);
  const configuration = givenConfiguration(target, options.set, expiry);
  const budgeted = { cluster, target, standing, configuration, wait, progress };
  return withinBudget(budgeted, () =>
    withProjectFolder(settings, configuration, async (project) => {
      const run = { target, project, progress, wait };
      if (settings.budget !== undefined) {
        clock.end("budget");
      }
      progress.step(`Bringing ${target.stack} up${options.refresh ? ", after a refresh" : ""}`);
      requireOpen(target, options);
      const isNew = standing.length === 0 && (await createStack(run));
      clock.end("stack");
      try {
        const report = await bringUpJudged(run, cluster, options, isNew);
        clock.end("engine");
        return report && (await resultOf(report, run, cluster, clock));
      } catch (error) {
        await (isNew ? forgetEmptyStack(run) : undefined);
        throw error;
      }
    }),
  );
}

async function resultOf(
  { outputs, changes, warnings }: EngineReport,
  { target, progress }: EnvironmentRun,
  cluster: Cluster,
  { seconds }: Clock,
): Promise<UpResult> {
  const cost = await standingCost(cluster, target, progress);
  const result = { stack: fullStackName(target), outputs, changes, warnings, seconds };
  return { ...result, ...(cost !== undefined && { costPerDay: cost }) };
}

/** What stands of the environment, once nothing of it is being deleted, or it comes up beside that. */
function standingOf(
  cluster: Cluster,
  target: Target,
  { set, wait }: UpOptions,
  progress: Progress,
): Promise<readonly FoundNamespace[]> {
  const standing = () => standingNamespaces(cluster, target);
  const configuration = givenConfiguration(target, set);
  const hasSuffix = String(configuration[`${target.settings.project}:uniqueSuffix`]) === "true";
  return hasSuffix
    ? standing()
    : standingOnceDeleted(standing, durationOf(wait, "--wait"), progress);
}

/**
 * @returns `undefined` when its stack is gone.
 * @throws ReviewError when the environment is not up.
 */
async function bringUpJudged(
  run: EnvironmentRun,
  cluster: Cluster,
  options: UpOptions,
  isNew: boolean,
): Promise<EngineReport | undefined> {
  const { target, progress } = run;
  const report = await bringUpHealed(run, cluster, options, isNew);
  if (report.exitCode === exitCodes.noStack) {
    await requireNothingStanding(run, cluster);
    return undefined;
  }
  if (report.violations.length === 0 || !isNew || !report.isFirst) {
    refuseFailure(target, report);
    return report;
  }
  // Another run may have brought it up meanwhile; then the stack had something before.
  progress.step(`Removing ${target.stack}, which the policy pack refuses`);
  const removal = await runEngine(run, ["destroy", "--yes", "--skip-preview", "--remove"]);
  const left = removal.exitCode === exitCodes.done ? [] : removal.errors.concat(leftBehind(target));
  throw failureOf(target, { ...report, errors: [...report.errors, ...left] });
}

function leftBehind({ branch }: Target): string {
  return `What was made of it could not be removed: run \`review destroy ${JSON.stringify(branch)}\`.`;
}

/** @throws ReviewError with 10 when a namespace stands whose stack is not in this backend. */
async function requireNothingStanding({ target }: EnvironmentRun, cluster: Cluster): Promise<void> {
  if ((await standingNamespaces(cluster, target)).length > 0) {
    throw new ReviewError(
      `A namespace stands that names the stack ${target.stack}, which is not in this backend. Nothing was done. ` +
        "Look for it in other backends. If its state is lost, `review destroy --lost-state` removes what is left.",
      exitCodes.refused,
    );
  }
}

/** As a killed run may have left objects that no state knows, they are looked for once something is wrong. */
async function bringUpHealed(
  run: EnvironmentRun,
  cluster: Cluster,
  options: UpOptions,
  isNew: boolean,
): Promise<EngineReport> {
  const report = await runUp(run, cluster, options, isNew);
  const isWrong = report.hasPendingOperations || report.exitCode === exitCodes.failed;
  return isWrong && !isNew && (await healAfter(report, run, cluster))
    ? runUp(run, cluster, options, isNew)
    : report;
}

/** What went wrong first is told as well, where nothing could be put in order. */
async function healAfter(
  { errors }: EngineReport,
  run: EnvironmentRun,
  cluster: Cluster,
): Promise<boolean> {
  try {
    return await heal(run, cluster, errors);
  } catch (error) {
    throw error instanceof ReviewError
      ? new ReviewError([...errors, error.message].join("\n"), error.exitCode)
      : error;
  }
}

async function runUp(
  run: EnvironmentRun,
  cluster: Cluster,
  options: UpOptions,
  isNew: boolean,
): Promise<EngineReport> {
  const { target, project } = run;
  const { policy, refresh } = options;
  const before = (): void => requireOpen(target, options);
  const args = [
    ...["up", "--yes", "--skip-preview", "--config-file", project.settingsFile],
    ...(refresh && !isNew ? ["--refresh"] : []),
    ...(policy ? policyArguments(run) : []),
  ];
  return withProgram(target, (client, folder) =>
    runEngine(run, [...args, ...client], {
      folder,
      before,
      afterKilledRun: () => heal(run, cluster, []),
    }),
  );
}

/** A run that waited while its branch was deleted must not bring the environment back. */
function requireOpen(target: Target, { stillOpen }: UpOptions): void {
  if (stillOpen === undefined) {
    return;
  }
  const { status } = spawnSync(stillOpen, {
    shell: true,
    // Standard output is for the result alone.
    stdio: ["ignore", 2, 2],
    env: { ...process.env, BRANCH: target.branch },
  });
  if (status === null || status >= 126) {
    const message = `Whether the branch is open could not be asked: ${stillOpen} could not be run. Nothing was done.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  if (status !== 0) {
    const message = `The branch ${JSON.stringify(target.branch)} is not open any more, says ${stillOpen}: nothing was done.`;
    throw new ReviewError(message, exitCodes.refused);
  }
}

function refuseFailure(target: Target, report: EngineReport): void {
  if (report.exitCode !== exitCodes.done) {
    throw failureOf(target, report);
  }
}

function failureOf({ stack }: Target, { exitCode, errors, violations }: EngineReport): ReviewError {
  const end =
    exitCode === exitCodes.cancelled
      ? `${stack} was cancelled. What is made so far is noted: run \`review up\` or \`review destroy\` again.`
      : `${stack} is not up. Once that is mended, run \`review up\` again.`;
  return new ReviewError([...refusals(violations), ...errors, end].join("\n"), exitCode);
}
