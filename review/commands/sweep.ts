import { labels } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type Cluster, connectTo } from "../cluster/cluster";
import { printable, type Progress } from "../console";
import { requireCluster } from "../environment/standing";
import { configuredProject } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { listStacks } from "../listing/listedStacks";
import { readSettings, type ReviewSettings } from "../settings/reviewSettings";
import { useBackendOf } from "../settings/stateBackend";
import { sideBySide } from "../sideBySide";
import { faultsOfClaims, faultsOfNamespaces, isOfProject } from "../sweep/namespaceMatch";
import { lookAtStack, type StackLook } from "../sweep/stackLook";
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
  /** Those of them that the policy pack refuses, and why. */
  readonly refused: readonly { readonly stack: string; readonly violations: readonly string[] }[];
  /** What else is wrong: what could not be read or judged, and what does not match. */
  readonly faults: readonly string[];
}

/** How many stacks are read and judged at a time. */
const stacksAtATime = 4;

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
  const { refused, faults } = await reported(
    options,
    (progress) => swept(settings, options, progress),
    describe,
  );
  if (refused.length + faults.length > 0) {
    throw new ReviewError("Not all is as it must be; see above.", exitCodes.failed);
  }
}

function describe({ judged, refused, faults }: SweepResult): string {
  const refusals = refused.map(({ stack, violations }) =>
    [`Stack ${stack} is refused:`, ...violations.map(indented)].join("\n"),
  );
  return refused.length + faults.length > 0
    ? [...refusals, ...faults].map(printable).join("\n")
    : `The policy pack refuses none of ${judged.length} stacks, and each has its namespace.`;
}

function indented(text: string): string {
  return text.replace(/^/gm, "  ");
}

async function swept(
  settings: ReviewSettings,
  { all = false }: SweepOptions,
  progress: Progress,
): Promise<SweepResult> {
  useBackendOf(settings);
  const cluster = connectTo(settings);
  progress.step(`Looking at the cluster ${cluster.server}`);
  await requireCluster(cluster, { settings });
  const listed = await cluster.namespacesWith({ [labels.kind]: "review" });
  const looks = await looksAtStacks(settings, all, progress);
  progress.step("Comparing them with the cluster");
  const project = all ? undefined : (configuredProject(settings) ?? settings.project);
  return {
    judged: looks.filter(({ isJudged }) => isJudged).map(({ stack }) => stack),
    refused: looks
      .filter(({ violations }) => violations.length > 0)
      .map(({ stack, violations }) => ({ stack, violations })),
    faults: [
      ...looks.flatMap(({ faults }) => faults),
      // Reading the states takes long enough for the connection of the list to be closed.
      ...(await mismatches(connectTo(settings), looks, listed, project)),
    ],
  };
}

async function looksAtStacks(
  settings: ReviewSettings,
  all: boolean,
  progress: Progress,
): Promise<StackLook[]> {
  const stacks = await listStacks(all ? undefined : settings.project);
  const names = stacks.map(({ fullName }) => fullName).sort();
  progress.step(`Judging ${names.length} stacks`);
  let begun = 0;
  return sideBySide(names, stacksAtATime, (name) => {
    progress.detail(`Judging ${name} (${++begun} of ${names.length})`);
    return lookAtStack(name, settings);
  });
}

async function mismatches(
  cluster: Cluster,
  looks: readonly StackLook[],
  listed: readonly FoundNamespace[],
  project: string | undefined,
): Promise<string[]> {
  const claims = looks.flatMap(({ claims = [] }) => claims);
  const isComplete = looks.every(({ claims }) => claims !== undefined);
  return [
    ...(await faultsOfClaims(claims, listed)),
    ...(isComplete
      ? await faultsOfNamespaces(cluster, claims, listed.filter(isOfProject(project)))
      : ["Namespaces whose stack is gone were not looked for, as a state could not be read."]),
  ];
}
