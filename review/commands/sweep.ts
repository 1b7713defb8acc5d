import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labels } from "secure-environment/core";
import { connectTo } from "../cluster/cluster";
import { printable, type Progress } from "../console";
import { requireCluster } from "../environment/standing";
import { configuredProject } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { listStacks } from "../listing/listedStacks";
import { readSettings, type ReviewSettings } from "../settings/reviewSettings";
import { forPermanentStacks, refusalOf } from "../sweep/judgement";
import {
  type Claim,
  claimsOf,
  faultsOfClaims,
  faultsOfNamespaces,
  isOfProject,
} from "../sweep/namespaceMatch";
import { readState, type ReadState, type StackState } from "../sweep/stackStates";
import { reported } from "./reported";

/** What is swept. */
export interface SweepOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** Whether stacks and namespaces of all projects are looked at. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** What was found, for programs that read it. */
interface SweepResult {
  /** The stacks that were judged, by their full names. */
  readonly judged: readonly string[];
  /** What is wrong: what the pack refuses, what could not be read, and what does not match. */
  readonly faults: readonly string[];
}

/**
 * Has the policy pack judge all stacks of the project by their states, and compares them with the review
 * environments in the cluster: namespaces whose stack is gone, and stacks whose namespace is gone, being
 * deleted or another's. It only reads. Namespaces are listed before the states are read, and what seems
 * wrong is looked at once more in the end, so that environments which come or go meanwhile are not blamed.
 *
 * @throws ReviewError when something is wrong, or when that cannot be told.
 */
export async function sweep(options: SweepOptions): Promise<void> {
  const settings = readSettings(options.settings);
  let isClean = true;
  await reported(
    options,
    async (progress) => {
      const result = await swept(settings, options, progress);
      isClean = result.faults.length === 0;
      return result;
    },
    describe,
  );
  if (!isClean) {
    throw new ReviewError("Not all is as it must be; see above.", exitCodes.failed);
  }
}

function describe({ judged, faults }: SweepResult): string {
  return faults.length > 0
    ? faults.map(printable).join("\n")
    : `The policy pack refuses none of ${judged.length} stacks, and each has its namespace.`;
}

async function swept(
  settings: ReviewSettings,
  { all }: SweepOptions,
  progress: Progress,
): Promise<SweepResult> {
  const cluster = connectTo(settings);
  progress.step(`Looking at the cluster ${cluster.server}`);
  await requireCluster(cluster, { settings });
  const listed = await cluster.namespacesWith({ [labels.kind]: "review" });
  const stacks = await listStacks(all === true ? undefined : settings.project);
  const names = stacks.map(({ fullName }) => fullName).sort();
  const project = all === true ? undefined : (configuredProject(settings) ?? settings.project);
  return withFolder(async (folder) => {
    const looks: Look[] = [];
    for (const name of names) {
      progress.step(`Judging ${name} (${looks.length + 1} of ${names.length})`);
      looks.push(await lookAt(name, settings, folder));
    }
    const claims = looks.flatMap(({ claims }) => claims);
    const isComplete = looks.every(({ unread }) => unread === undefined);
    // Reading the states takes long enough for the connection of the list to be closed.
    const afterwards = connectTo(settings);
    const faults = [
      ...looks.flatMap(({ unread, refusal }) => [unread ?? [], refusal ?? []].flat()),
      ...(await faultsOfClaims(claims, listed)),
      ...(isComplete
        ? await faultsOfNamespaces(afterwards, claims, listed.filter(isOfProject(project)))
        : ["Namespaces whose stack is gone were not looked for, as a state could not be read."]),
    ];
    return { judged: names, faults };
  });
}

/** What became of the look at one stack. */
interface Look {
  readonly claims: readonly Claim[];
  readonly unread?: string;
  readonly refusal?: string;
}

async function lookAt(stack: string, settings: ReviewSettings, folder: string): Promise<Look> {
  const { state, unread }: ReadState = await readState(stack, folder);
  if (state === undefined) {
    return { claims: [], ...(unread === undefined ? {} : { unread }) };
  }
  const isPermanent = settings.permanent.includes(stack);
  const refusal = await refusalIn(state, settings, folder, isPermanent);
  return {
    claims: isPermanent ? [] : claimsOf(state),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

async function refusalIn(
  state: StackState,
  { policies }: ReviewSettings,
  folder: string,
  isPermanent: boolean,
): Promise<string | undefined> {
  const configuration = isPermanent ? forPermanentStacks(policies) : policies;
  const said = await refusalOf(state, configuration, folder);
  return said === undefined ? undefined : `Stack ${state.stack} is refused:\n${said}`;
}

/** States are in it, which nobody else reads. */
async function withFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "review-sweep-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
