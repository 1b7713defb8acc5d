import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { namespacesOf } from "secure-environment-cluster/stateNamespaces";
import { type Checkpoint, providerSettings } from "../state/checkpoint";
import { clusterOfState } from "../state/exportedState";
import { type Cluster, connectTo } from "../cluster/cluster";
import { type Progress } from "../console";
import { type EngineReport } from "../engine/engineReport";
import { withProjectFolder } from "../engine/projectFolder";
import { exitCodes, ReviewError } from "../exitCodes";
import { requireDestroyable } from "./destruction";
import { type EnvironmentRun, removeStack, runEngine } from "./environmentRun";
import { namespacesHeld, namespacesNamed, tellingWhatHolds } from "./heldNamespaces";
import { deleteLostNamespace } from "./lostState";
import { requireHarmlessProvider } from "./providerVariables";
import { confirmOwnPending, putInOrder, shownStateOf, stateOf, takeUpNamespace } from "./recovery";
import { requireCluster, standingNamespaces } from "./standing";
import { fullStackName, type Target } from "./target";

/** How an environment is removed. */
export interface RemovalOptions {
  /** How long to wait for another run, in milliseconds. */
  readonly wait: number;
  /** How long to wait until the namespace is gone, in milliseconds. */
  readonly limit: number;
  /** Whether a namespace goes that no state has, if it names the stack. */
  readonly lostState?: boolean;
  /** Asked right before each attempt; throws when there is no reason for it any more. */
  readonly confirm?: (found: FoundEnvironment) => Promise<void>;
}

/** What would be removed. */
export interface FoundEnvironment {
  readonly cluster: Cluster;
  /** The namespaces of the state. */
  readonly names: readonly string[];
  /** Finds the namespaces that name the stack. */
  readonly standing: () => Promise<readonly FoundNamespace[]>;
  /** When the last run before this one wrote the state: RFC 3339. */
  readonly writtenAt?: string;
}

/** What came of it. */
export interface Removal {
  readonly stack: string;
  /** Whether there was anything. */
  readonly destroyed: boolean;
  readonly namespaces: readonly string[];
}

/**
 * Removes an environment with its stack, from the state alone: neither the branch nor a program is needed.
 *
 * @throws ReviewError when it was refused, did not end, or another run is at work on it.
 */
export async function removeEnvironment(
  target: Target,
  options: RemovalOptions,
  progress: Progress,
): Promise<Removal> {
  requireHarmlessProvider();
  requireNotPermanent(target);
  const { settings, stack } = target;
  const { wait, limit, confirm } = options;
  return withProjectFolder(settings, {}, async (project) => {
    const run = { target, project, progress, wait };
    progress.step(`Reading the state of ${stack}`);
    const checkpoint = await stateOf(run);
    const cluster = await clusterOfStack(run, checkpoint);
    progress.step(`Looking at the cluster ${cluster.server}`);
    await requireCluster(cluster, target);
    const standing = () => standingNamespaces(cluster, target);
    if (checkpoint === undefined) {
      return withoutState(run, cluster, await standing(), options);
    }
    const writtenAt = checkpoint.deployment.manifest?.time;
    const repairs = [confirmOwnPending(cluster), takeUpNamespace(run, standing)];
    const known = (await putInOrder(run, repairs, checkpoint))?.state;
    if (known === undefined) {
      return withoutState(run, cluster, await standing(), options);
    }
    await requireDestroyable(fullStackName(target), known, cluster, standing);
    requireUnprotected(stack, known);
    const names = namespacesOf(known.deployment.resources ?? []).map(({ name }) => name);
    progress.step(`Destroying ${stack}`);
    await destroyKnown(run, cluster, names, {
      standing,
      limit,
      before: () => confirm?.({ cluster, names, standing, writtenAt }),
      afterKilledRun: () => putInOrder(run, repairs),
    });
    return { stack, destroyed: true, namespaces: names };
  });
}

/** The cluster that the stack's own provider works on; without a stack the one of the settings. */
async function clusterOfStack(
  run: EnvironmentRun,
  checkpoint: Checkpoint | undefined,
): Promise<Cluster> {
  if (checkpoint === undefined || Object.keys(providerSettings(checkpoint)).length === 0) {
    return connectTo(run.target.settings);
  }
  return clusterOfState(checkpoint, () => shownStateOf(run), run.target.settings);
}

async function withoutState(
  run: EnvironmentRun,
  cluster: Cluster,
  standing: readonly FoundNamespace[],
  { lostState }: RemovalOptions,
): Promise<Removal> {
  const { stack } = run.target;
  const names = standing.flatMap(({ metadata }) => metadata?.name ?? []);
  if (names.length > 0 && lostState !== true) {
    const message = [
      ...names.map(
        (name) => `Namespace ${name} names the stack ${stack}, which is not in this backend.`,
      ),
      "Nothing was destroyed. Look for its stack in other backends, and under an earlier name of the project. " +
        "If its state is lost, say --lost-state: then the namespace goes that names the stack.",
    ];
    throw new ReviewError(message.join("\n"), exitCodes.refused);
  }
  if (names.length > 0 && (await stateOf(run)) !== undefined) {
    const message = `Another run is making ${stack} at this moment: nothing was destroyed. Run the command again.`;
    throw new ReviewError(message, exitCodes.locked);
  }
  for (const namespace of standing) {
    run.progress.step(`Deleting ${namespace.metadata?.name}, whose state is lost`);
    await deleteLostNamespace(cluster, namespace);
  }
  return { stack, destroyed: names.length > 0, namespaces: names };
}

/** What stays may be called like a branch that goes. */
function requireNotPermanent(target: Target): void {
  const name = fullStackName(target);
  if (target.settings.permanent.includes(name)) {
    const message =
      `${name} is one of \`permanent\` in the settings, which stay. Nothing was destroyed. ` +
      "To destroy it, take it off that list first.";
    throw new ReviewError(message, exitCodes.refused);
  }
}

/** What stays is protected by Pulumi, which would refuse half-way. */
function requireUnprotected(stack: string, { deployment }: Checkpoint): void {
  if ((deployment.resources ?? []).some(({ protect }) => protect === true)) {
    const message =
      `${stack} is protected: it is an environment that stays. Nothing was destroyed. ` +
      "If it is to go, set permanent to false, bring it up once, and destroy it then.";
    throw new ReviewError(message, exitCodes.refused);
  }
}

/** What another run may have left while this one waited for it, and how long this one may take. */
interface Surroundings {
  readonly limit: number;
  readonly before: () => Promise<void> | undefined;
  /** Finds the namespaces that name the stack. */
  readonly standing: () => Promise<readonly FoundNamespace[]>;
  readonly afterKilledRun: () => Promise<unknown>;
}

async function destroyKnown(
  run: EnvironmentRun,
  cluster: Cluster,
  names: readonly string[],
  { standing, ...options }: Surroundings,
): Promise<void> {
  const { target, progress } = run;
  const known = () => namespacesNamed(cluster, names);
  const report = await tellingWhatHolds(known, progress, () =>
    runEngine(run, ["destroy", "--yes", "--skip-preview"], options),
  );
  const left = await leftAfter(report, async () => [...(await known()), ...(await standing())]);
  if (report.exitCode !== exitCodes.done || left.length > 0) {
    throw failureOf(target, report, left);
  }
  await removeStack(run);
}

/** Where the cluster does not answer any more, what the run said of it is told, and not what a look says. */
async function leftAfter(
  { exitCode }: EngineReport,
  look: () => Promise<readonly FoundNamespace[]>,
): Promise<FoundNamespace[]> {
  const found = await look().catch((error: unknown) => {
    if (exitCode === exitCodes.done) {
      throw error;
    }
    return [];
  });
  return [...new Map(found.map((one) => [one.metadata?.name, one])).values()];
}

function failureOf(
  { stack }: Target,
  { errors, exitCode }: EngineReport,
  left: readonly FoundNamespace[],
): ReviewError {
  const held = namespacesHeld(left);
  const end =
    exitCode === exitCodes.cancelled
      ? `${stack} was cancelled. What is left is noted: run \`review destroy\` again.`
      : `${stack} is not gone. Once nothing holds it, run \`review destroy\` again.`;
  // Pulumi has a patience of its own, and ends as if something were wrong.
  const isHeld = exitCode === exitCodes.failed && held.length > 0;
  const code = isHeld ? exitCodes.timedOut : exitCode || exitCodes.failed;
  return new ReviewError([...errors, ...held, end].join("\n"), code);
}
