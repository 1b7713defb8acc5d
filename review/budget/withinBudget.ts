import { type Amounts, instantOf } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster } from "../cluster/cluster";
import { withLease } from "../cluster/lease";
import { type Progress } from "../console";
import { projectLease } from "../environment/projectLease";
import { type Target } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Budget } from "../settings/budget";
import { lookAtProject } from "./projectLook";
import { describePassed, describeRefusal } from "./refusal";
import { excessOf, isBudgeted } from "./verdict";

/** An environment that is about to come up. */
export interface BudgetedRun {
  readonly cluster: Cluster;
  readonly target: Target;
  /** Its namespaces. One that stands is held against the budget as far as it grows. */
  readonly standing: readonly FoundNamespace[];
  /** The configuration of the run by full key. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** How long to wait for other runs, in milliseconds. */
  readonly wait: number;
  readonly progress: Progress;
}

/**
 * Brings an environment up if the budget of the settings has room for it. From the look at the others until
 * it stands no other run of the project takes room, so two never share the last place. Without a budget it
 * asks nothing, and an environment that stands and does not grow waits for nobody.
 *
 * @throws ReviewError with 10 when there is no room, with 3 when these credentials may not look, and with 12
 * when another run takes longer than the wait.
 */
export async function withinBudget<Result>(
  run: BudgetedRun,
  bringUp: () => Promise<Result>,
): Promise<Result> {
  const { budget } = run.target.settings;
  if (budget === undefined) {
    return bringUp();
  }
  const quota = await quotaToCome(run);
  if (isStanding(run) && !(await growsIn(budget, quota, run))) {
    return bringUp();
  }
  const { cluster, wait, progress } = run;
  const lease = projectLease(run.target.settings, "budget", wait);
  const onWait = (other: string): void =>
    progress.say(`Another run takes room in the budget: ${other}. Waiting for it.`);
  return withLease(cluster, { ...lease, onWait }, async (held) => {
    await requireRoom(budget, quota, run);
    await held.confirm();
    const result = await bringUp();
    await (quota === undefined ? warnOfExcess(budget, run) : undefined);
    return result;
  });
}

/** Where names have a suffix, a new one comes up beside what is being deleted. */
function isStanding({ standing }: BudgetedRun): boolean {
  return standing.some(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

/** What its quota will be; `undefined` of a program of the repository's own, and where the program will refuse. */
async function quotaToCome({
  target: { settings },
  configuration,
}: BudgetedRun): Promise<Amounts | undefined> {
  if (settings.program !== undefined) {
    return undefined;
  }
  const { standardQuota } = await import("../engine/standardQuota.js");
  return standardQuota(configuration, settings.project);
}

/** Its own quota is asked for only where it could matter. */
async function growsIn(
  budget: Budget,
  quota: Amounts | undefined,
  run: BudgetedRun,
): Promise<boolean> {
  if (!isBudgeted(budget, { quota, current: {} })) {
    return false;
  }
  const { own } = await look(budget, run);
  return isBudgeted(budget, { quota, current: own });
}

async function requireRoom(
  budget: Budget,
  quota: Amounts | undefined,
  run: BudgetedRun,
): Promise<void> {
  const { branch, labelledProject: project } = run.target;
  run.progress.step(`Looking whether the budget of the project ${project} has room`);
  const { own, others } = await look(budget, run);
  const excess = excessOf(budget, { quota, current: own }, others);
  if (excess.length > 0) {
    const now = instantOf(new Date());
    const message = describeRefusal({ branch, project, excess, others, now });
    throw new ReviewError(message, exitCodes.refused);
  }
}

/** What a program of the repository's own gives an environment is known once it stands. */
async function warnOfExcess(budget: Budget, run: BudgetedRun): Promise<void> {
  const { own, others } = await look(budget, run);
  excessOf(budget, { quota: own, current: {} }, others)
    .map(describePassed)
    .forEach((line) => run.progress.say(`warning: ${line}`));
}

function look({ amounts }: Budget, { cluster, target }: BudgetedRun) {
  return lookAtProject(cluster, target, Object.keys(amounts).length > 0);
}
