import { asDeployer } from "../access/asDeployer";
import { standingEnvironment } from "../access/standingEnvironment";
import { connectTo } from "../cluster/cluster";
import { printable, type Progress } from "../console";
import { branchOf } from "../environment/branch";
import { requireCluster } from "../environment/standing";
import { type Target, targetOf } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { readSettings } from "../settings/reviewSettings";
import { describeSleep, type SleepResult } from "../sleep/description";
import { wakeUp } from "../sleep/environmentSleep";
import { hasFailed } from "../sleep/outcomes";
import { reported } from "./reported";

/** How an environment is woken. */
export interface WakeOptions {
  /** The folder of the settings. */
  readonly settings: string;
  readonly json?: boolean;
}

/**
 * Has the environment of a branch run again what `review sleep` has put to sleep, as it was. It does not wait
 * for the pods.
 *
 * @throws ReviewError with 6 when there is none, with 1 when something of it could not be woken.
 */
export async function wake(given: string | undefined, options: WakeOptions): Promise<void> {
  const target = targetOf(readSettings(options.settings), branchOf(given));
  const { workloads } = await reported(
    options,
    (progress) => woken(target, progress),
    (result) => printable(describeSleep(result, headlineOf(result))),
  );
  if (hasFailed(workloads)) {
    const message =
      "Not everything was woken; see above. Once that is mended, run `review wake` again.";
    throw new ReviewError(message, exitCodes.failed);
  }
}

function headlineOf({ namespace, workloads }: SleepResult): string {
  if (hasFailed(workloads)) {
    return `Not everything in ${namespace} is awake.`;
  }
  return workloads.length === 0
    ? `Nothing of ${namespace} sleeps.`
    : `${namespace} is awake; its pods come as soon as there is room for them.`;
}

async function woken(target: Target, progress: Progress): Promise<SleepResult> {
  const cluster = connectTo(target.settings);
  progress.step(`Looking at the cluster ${cluster.server}`);
  await requireCluster(cluster, target);
  const { namespace } = await standingEnvironment(cluster, target);
  progress.step(`Waking ${namespace}`);
  const workloads = await asDeployer(cluster, namespace, (api) =>
    wakeUp(api, namespace, (what) => progress.detail(what)),
  );
  return { namespace, stack: target.stack, workloads };
}
