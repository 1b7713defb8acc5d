import { instantOf } from "secure-environment/core";
import { type Cluster } from "../cluster/cluster";
import { type ClockReading, distanceOf, readClock } from "../cluster/clockReading";
import { type Progress } from "../console";
import { configuredProject } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Scope } from "../listing/environmentRows";
import { listStacks } from "../listing/listedStacks";
import { environmentNamespaces } from "../listing/namespaceLook";
import { type ReviewSettings } from "../settings/reviewSettings";
import { type BranchSource, readOpenBranches } from "./branchList";
import { reapable, type Reapable, type ReapOptions } from "./reapable";
import { clockFault, listFaults } from "./suspicions";
import { youngestPods } from "./youngestPods";

/** What is asked for. */
export interface ReapRequest {
  readonly branches: BranchSource;
  /** Milliseconds after which an environment without a sign of life is idle; without it none is. */
  readonly idleAfter?: number;
  /** How many go at most. */
  readonly atMost: number;
}

/** What was seen, and what is to become of it. */
export interface ReapLook extends Reapable {
  readonly options: ReapOptions;
  readonly labelledProject: string;
  /** What says the time: the earlier one of the two clocks. */
  readonly now: () => string;
}

/**
 * Looks at the environments of the settings' project, and judges which are to go. It only reads: each list
 * once.
 *
 * @throws ReviewError when something cannot be listed, and with 10 when what is seen is not to be believed.
 */
export async function lookForReapable(
  cluster: Cluster,
  settings: ReviewSettings,
  request: ReapRequest,
  progress: Progress,
): Promise<ReapLook> {
  const reading = await believedClock(cluster);
  const now = clockBy(reading);
  const [namespaces, stacks] = await Promise.all([
    environmentNamespaces(cluster),
    listStacks(settings.project),
  ]);
  const options: ReapOptions = {
    ...(request.idleAfter !== undefined && {
      idle: { after: request.idleAfter, youngestPods: await podsSeen(cluster, progress) },
    }),
    // After the environments: one that comes up meanwhile is not judged by an older list.
    openBranches: await readOpenBranches(
      request.branches,
      distanceOf(reading)?.milliseconds ?? Infinity,
    ),
    permanent: settings.permanent,
    unreviewed: settings.unreviewed,
    isClusterNamed: settings.cluster !== undefined,
  };
  const scope = scopeOf(settings);
  const found = reapable({ namespaces, stacks, quotas: undefined, now: now() }, scope, options);
  requireBelievable(listFaults(found, options.openBranches, request.atMost));
  return { ...found, options, labelledProject: scope.labelledProject, now };
}

function scopeOf(settings: ReviewSettings): Scope {
  return {
    organization: settings.organization,
    pulumiProject: settings.project,
    labelledProject: configuredProject(settings) ?? settings.project,
    all: false,
  };
}

async function believedClock(cluster: Cluster): Promise<ClockReading> {
  const reading = await readClock(cluster);
  const fault = clockFault(reading);
  requireBelievable(fault === undefined ? [] : [fault]);
  return reading;
}

/** From here on time goes by the clock that nobody sets. */
function clockBy({ sent, said = sent }: ClockReading): () => string {
  const start = Math.min(sent, said) - performance.now();
  return () => instantOf(new Date(start + performance.now()));
}

async function podsSeen(cluster: Cluster, progress: Progress) {
  const pods = await youngestPods(cluster);
  if (pods === undefined) {
    progress.say(
      "warning: These credentials may not list pods of the whole cluster, so nothing counts as idle.",
    );
  }
  return pods;
}

function requireBelievable(faults: readonly string[]): void {
  if (faults.length > 0) {
    const message = [...faults, "Nothing was removed."].join("\n");
    throw new ReviewError(message, exitCodes.refused);
  }
}
