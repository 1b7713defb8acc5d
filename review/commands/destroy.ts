import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { namespacesOf } from "secure-environment-cluster/stateNamespaces";
import { type Checkpoint, providerSettings } from "../state/checkpoint";
import { clusterOfState } from "../state/exportedState";
import { type Cluster, connectTo } from "../cluster/cluster";
import { type Progress } from "../console";
import { durationOf } from "../duration";
import { type EngineReport } from "../engine/engineReport";
import { withProjectFolder } from "../engine/projectFolder";
import { requireDestroyable } from "../environment/destruction";
import { type EnvironmentRun, removeStack, runEngine } from "../environment/environmentRun";
import { namespacesHeld, namespacesNamed, tellingWhatHolds } from "../environment/heldNamespaces";
import { deleteLostNamespace } from "../environment/lostState";
import {
  confirmOwnPending,
  putInOrder,
  shownStateOf,
  stateOf,
  takeUpNamespace,
} from "../environment/recovery";
import { requireCluster, standingNamespaces } from "../environment/standing";
import { fullStackName, type Target } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { requireHarmlessProvider } from "../environment/providerVariables";
import { recorded } from "./recorded";
import { reported } from "./reported";

/** How an environment is destroyed. */
export interface DestroyOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** How long to wait for another run, and for the namespace to be gone, such as `10m`. */
  readonly wait: string;
  /** Whether a namespace goes that no state has, if it names the branch's stack. */
  readonly lostState?: boolean;
  /** A file for what came of it, for later steps of a pipeline. */
  readonly result?: string;
  readonly json?: boolean;
}

/** What came of it, for programs that read it. */
interface DestroyResult {
  readonly stack: string;
  /** Whether there was anything. */
  readonly destroyed: boolean;
  readonly namespaces: readonly string[];
}

/**
 * Removes the environment of a branch with its stack, from the state alone: neither the branch nor a
 * program is needed.
 *
 * @throws ReviewError when it was refused, did not end, or another run is at work on it.
 */
export async function destroy(given: string | undefined, options: DestroyOptions): Promise<void> {
  await recorded("destroy", given, options, async (target) => {
    const result = await reported(
      options,
      (progress) => bringDown(target, options, progress),
      (gone) => describe(target, gone),
    );
    return { result };
  });
}

function describe({ stack, branch }: Target, { destroyed, namespaces }: DestroyResult): string {
  return destroyed
    ? `${stack} is gone, and with it ${namespaces.join(", ") || "no namespace, as it had none"}.`
    : `There is nothing of the branch ${JSON.stringify(branch)}: neither the stack ${stack} nor a namespace of it.`;
}

async function bringDown(
  target: Target,
  options: DestroyOptions,
  progress: Progress,
): Promise<DestroyResult> {
  requireHarmlessProvider();
  requireNotPermanent(target);
  const { settings, stack } = target;
  const wait = durationOf(options.wait, "--wait");
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
  { lostState }: DestroyOptions,
): Promise<DestroyResult> {
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

/** What another run may have left while this one waited for it. */
interface Surroundings {
  /** Finds the namespaces that name the stack. */
  readonly standing: () => Promise<readonly FoundNamespace[]>;
  readonly afterKilledRun: () => Promise<unknown>;
}

async function destroyKnown(
  run: EnvironmentRun,
  cluster: Cluster,
  names: readonly string[],
  { standing, afterKilledRun }: Surroundings,
): Promise<void> {
  const { target, progress } = run;
  const known = () => namespacesNamed(cluster, names);
  const report = await tellingWhatHolds(known, progress, () =>
    runEngine(run, ["destroy", "--yes", "--skip-preview"], { afterKilledRun, limit: run.wait }),
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
