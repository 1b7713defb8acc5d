import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { labels } from "secure-environment/core";
import { asDeployer } from "../access/asDeployer";
import { standingEnvironment } from "../access/standingEnvironment";
import { connectTo } from "../cluster/cluster";
import { printable, type Progress } from "../console";
import { durationOf } from "../duration";
import { branchOf } from "../environment/branch";
import { requireCluster } from "../environment/standing";
import { fullStackName, type Target, targetOf } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { readSettings } from "../settings/reviewSettings";
import { describeSleep, type SleepResult } from "../sleep/description";
import { podsGone, putToSleep } from "../sleep/environmentSleep";
import { hasFailed } from "../sleep/outcomes";
import { reported } from "./reported";

/** How an environment is put to sleep. */
export interface SleepOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** How long to wait until its pods are gone, such as `2m`. Default: not at all. */
  readonly wait?: string;
  readonly json?: boolean;
}

/**
 * Has the environment of a branch run nothing, until it is woken: its workloads are scaled to zero or
 * suspended by its deployer, and each remembers what it was. Nothing else of it changes.
 *
 * @throws ReviewError with 6 when there is none, with 10 when it stays, with 1 when something of it could not
 * be put to sleep, with 9 when its pods are not gone in time.
 */
export async function sleep(given: string | undefined, options: SleepOptions): Promise<void> {
  const target = targetOf(readSettings(options.settings), branchOf(given));
  const { workloads } = await reported(
    options,
    (progress) => slept(target, options, progress),
    (result) => printable(describeSleep(result, headlineOf(result))),
  );
  if (hasFailed(workloads)) {
    const message =
      "Not everything was put to sleep; see above. Once that is mended, run `review sleep` again.";
    throw new ReviewError(message, exitCodes.failed);
  }
}

function headlineOf({ namespace, workloads }: SleepResult): string {
  if (hasFailed(workloads)) {
    return `Not everything in ${namespace} sleeps.`;
  }
  const asleep = workloads.filter(({ outcome }) => ["slept", "asleep"].includes(outcome)).length;
  if (asleep === 0) {
    return `${namespace} has nothing that could be put to sleep.`;
  }
  return `${namespace} sleeps: \`review wake\` and \`review up\` wake it.`;
}

async function slept(
  target: Target,
  options: SleepOptions,
  progress: Progress,
): Promise<SleepResult> {
  const wait = options.wait === undefined ? undefined : durationOf(options.wait, "--wait");
  const cluster = connectTo(target.settings);
  progress.step(`Looking at the cluster ${cluster.server}`);
  await requireCluster(cluster, target);
  const { namespace, found } = await standingEnvironment(cluster, target);
  requireReview(target, namespace, found);
  progress.step(`Putting ${namespace} to sleep`);
  const workloads = await asDeployer(cluster, namespace, async (api) => {
    const outcomes = await putToSleep(api, namespace, (what) => progress.detail(what));
    if (wait !== undefined) {
      progress.step(`Waiting until the pods of ${namespace} are gone`);
      await podsGone(api, namespace, wait);
    }
    return outcomes;
  });
  return { namespace, stack: target.stack, workloads };
}

/** What stays is used by people who expect it to be there. */
function requireReview(target: Target, namespace: string, found: FoundNamespace | undefined): void {
  if (found === undefined) {
    const message =
      `These credentials may not read the namespace ${namespace}, so whether it is a review environment is not known. ` +
      "Nothing was done. Use those of the project's pipeline, or of an administrator.";
    throw new ReviewError(message, exitCodes.credentials);
  }
  const kind = found.metadata?.labels?.[labels.kind];
  if (kind !== "review" || target.settings.permanent.includes(fullStackName(target))) {
    const message =
      `${namespace} is no review environment but one that stays. Nothing was put to sleep. ` +
      "Scale its workloads by hand, if they are to rest.";
    throw new ReviewError(message, exitCodes.refused);
  }
}
