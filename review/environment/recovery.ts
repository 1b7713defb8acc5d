import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { namespacesOf } from "secure-environment-cluster/stateNamespaces";
import { ownershipOf } from "secure-environment-cluster/ownership";
import {
  type Checkpoint,
  type ResourceState,
  withConfirmed,
  withoutPending,
  withObjectId,
} from "../state/checkpoint";
import { type Cluster } from "../cluster/cluster";
import { isHalfWritten } from "../engine/halfWrittenState";
import { remediesFor } from "../engine/remedies";
import { exportState } from "../state/exportedState";
import { type PulumiEnd, runPulumi } from "../engine/pulumiProcess";
import { type ExitCode, exitCodes, ReviewError } from "../exitCodes";
import { confirmedCheckpoint, ownUnconfirmed } from "./unconfirmedObjects";
import { exitCodeOf } from "../engine/engineReport";
import { type EnvironmentRun, runEngine, runPlain } from "./environmentRun";
import { failedRunsOf } from "./failedRuns";
import { isReviewNamespace } from "./lostState";
import { fullStackName } from "./target";

/** The state of the stack, with its secrets encrypted; `undefined` when there is no such stack. */
export function stateOf(run: EnvironmentRun): Promise<Checkpoint | undefined> {
  return exported(run, []);
}

/** As `stateOf`, with its secrets in plain. */
export function shownStateOf(run: EnvironmentRun): Promise<Checkpoint | undefined> {
  return exported(run, ["--show-secrets"]);
}

async function exported(
  run: EnvironmentRun,
  flags: readonly string[],
): Promise<Checkpoint | undefined> {
  const { target, project } = run;
  const stack = fullStackName(target);
  const { checkpoint, isMissing, words } = await exportState(stack, project.folder, flags);
  if (checkpoint !== undefined || isMissing) {
    return checkpoint;
  }
  if (isHalfWritten(words) && removeEmptyAttributes(run)) {
    return exported(run, flags);
  }
  const message = `The state of ${stack} could not be read: ${words.trim()}`;
  throw new ReviewError([message, ...remediesFor(words)].join("\n"), exitCodes.failed);
}

/**
 * In a backend of files Pulumi writes a file beside each state, which a run that was killed meanwhile
 * leaves empty; then it cannot read the state. Nothing is lost with the empty file.
 *
 * @returns whether there was one.
 */
export function removeEmptyAttributes({ target }: EnvironmentRun): boolean {
  const { PULUMI_BACKEND_URL: url = "" } = process.env;
  if (!url.startsWith("file:///")) {
    return false;
  }
  const { project } = target.settings;
  const stacks = join(fileURLToPath(url), ".pulumi", "stacks", project);
  const file = join(stacks, `${target.stack}.json.attrs`);
  const isEmpty = existsSync(file) && statSync(file).size === 0;
  if (isEmpty) {
    rmSync(file);
  }
  return isEmpty;
}

/**
 * Forgets a stack that a failed run has made, and nothing in it. What is wrong is told already, so nothing is
 * said here.
 */
export async function forgetEmptyStack(run: EnvironmentRun): Promise<void> {
  const checkpoint = await stateOf(run).catch(() => undefined);
  const { resources = [], pending_operations: pending = [] } = checkpoint?.deployment ?? {};
  const isKept = ({ type }: ResourceState) => /^pulumi:(pulumi:Stack$|providers:)/.test(type);
  if (checkpoint !== undefined && pending.length === 0 && resources.every(isKept)) {
    const args = ["stack", "rm", "--yes", "--force", "--stack", fullStackName(run.target)];
    await runPulumi({ folder: run.project.folder, args });
  }
}

/** A state in order, of one that a killed run has left; the same one where there is nothing to do. */
export type Repair = (checkpoint: Checkpoint) => Promise<Checkpoint>;

/**
 * What a killed run was creating, as far as the cluster has it, is taken into the state, and forgotten
 * otherwise.
 *
 * @throws ReviewError with 10 when what it wanted to create is another's.
 */
export function confirmPending(cluster: Cluster): Repair {
  return async (checkpoint) =>
    checkpoint.deployment.pending_operations?.length
      ? confirmedCheckpoint(checkpoint, cluster)
      : checkpoint;
}

/** As `confirmPending`, for a stack that goes: what is another's is not its own to destroy, and is forgotten. */
export function confirmOwnPending(cluster: Cluster): Repair {
  return async (checkpoint) =>
    checkpoint.deployment.pending_operations?.length
      ? withConfirmed(withoutPending(checkpoint), await ownUnconfirmed(cluster, checkpoint))
      : checkpoint;
}

/**
 * Whether the state may have forgotten something: an operation has not ended in it, a namespace stands that
 * it does not have, or what was to be created exists.
 *
 * @param standing the namespaces that name the stack.
 * @param errors what the last run ended with.
 */
export function hasForgotten(
  checkpoint: Checkpoint | undefined,
  standing: readonly FoundNamespace[],
  errors: readonly string[],
): boolean {
  if (checkpoint === undefined) {
    return false;
  }
  const { resources = [], pending_operations: pending = [] } = checkpoint.deployment;
  const known = namespacesOf(resources).map(({ name }) => name);
  return (
    pending.length > 0 ||
    standing.some(({ metadata }) => !known.includes(metadata?.name ?? "")) ||
    errors.some((error) => /already exists/i.test(error))
  );
}

/**
 * What stands in the cluster, names this stack, and is to be created, is taken into the state: a run that
 * was interrupted in good order has forgotten what it was creating.
 *
 * @param planned the resources that the next run would create.
 */
export function takeUpForgotten(
  run: EnvironmentRun,
  cluster: Cluster,
  planned: readonly ResourceState[],
): Repair {
  return async (checkpoint) => {
    const known = new Set((checkpoint.deployment.resources ?? []).map(({ urn }) => urn));
    // A resource is begun once all that it depends on is there.
    const isInPlace = ({ urn, parent = urn, dependencies = [] }: ResourceState) =>
      !known.has(urn) && [parent, ...dependencies].every((one) => one === urn || known.has(one));
    const objects = planned.filter(isInPlace).flatMap(withObjectId);
    const isOfFailedRun = await failedRunsOf(run);
    const looks = objects.map(async (object) => {
      const { labels, creationTimestamp } = (await cluster.metadataOf(object.inputs)) ?? {};
      const isOwn = ownershipOf(object.inputs.metadata?.labels, labels) === "own";
      return isOwn && isOfFailedRun(creationTimestamp) ? [object] : [];
    });
    const own = (await Promise.all(looks)).flat();
    return own.length > 0 ? withConfirmed(checkpoint, own) : checkpoint;
  };
}

/**
 * Puts the state in order, and has Pulumi read what the cluster has of it. While another run is at work,
 * what it is creating is not forgotten: the state is read anew once that run has ended.
 *
 * @param first the state, where it was read already.
 * @returns the state, and whether something was put in order; `undefined` when there is no such stack.
 * @throws ReviewError when that fails, or with 12 when the wait for the other run is over.
 */
export async function putInOrder(
  run: EnvironmentRun,
  repairs: readonly Repair[],
  first?: Checkpoint,
): Promise<{ readonly state: Checkpoint; readonly wasRepaired: boolean } | undefined> {
  let read: Checkpoint | undefined;
  let repaired: Checkpoint | undefined;
  let known = first;
  const end = await runPlain(run, async () => {
    read = repaired = known ?? (await stateOf(run));
    known = undefined;
    for (const repair of repairs) {
      repaired = repaired && (await repair(repaired));
    }
    return repaired === undefined || repaired === read
      ? nothingToDo
      : importState(run, read, repaired);
  });
  if (end.exitCode !== 0) {
    throw outOfOrder(run, end.words.trim(), exitCodeOf(end));
  }
  if (read === undefined || repaired === read) {
    return read && { state: read, wasRepaired: false };
  }
  run.progress.say("An earlier run was killed or interrupted: what it has made is taken up.");
  const refresh = ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"];
  const { exitCode, errors } = await runEngine(run, refresh);
  if (exitCode !== exitCodes.done) {
    throw outOfOrder(run, errors.join("\n") || "it was cancelled", exitCode);
  }
  return { state: (await stateOf(run)) ?? read, wasRepaired: true };
}

const nothingToDo: PulumiEnd = { exitCode: 0, output: "", words: "", isCancelled: false };

function outOfOrder({ target }: EnvironmentRun, reason: string, code: ExitCode): ReviewError {
  const message = `The state of ${fullStackName(target)} could not be put in order: ${reason}. Run the command again.`;
  return new ReviewError(message, code);
}

/** An import takes no heed of what another run has written since the state was read. */
async function importState(
  run: EnvironmentRun,
  read: Checkpoint | undefined,
  repaired: Checkpoint,
): Promise<PulumiEnd> {
  const { target, project } = run;
  if (JSON.stringify(await stateOf(run)) !== JSON.stringify(read)) {
    throw outOfOrder(run, "another run has changed it meanwhile", exitCodes.locked);
  }
  const file = join(dirname(project.settingsFile), "state.json");
  writeFileSync(file, JSON.stringify(repaired), { mode: 0o600 });
  const args = ["stack", "import", "--stack", fullStackName(target), "--file", file];
  return runPulumi({ folder: project.folder, args });
}

/**
 * A namespace that names the stack, and that a run of it was creating when it was interrupted, is taken into
 * the state: the environment is in it, and its namespace is not.
 *
 * @param standing finds the namespaces that name the stack.
 */
export function takeUpNamespace(
  run: EnvironmentRun,
  standing: () => Promise<readonly FoundNamespace[]>,
): Repair {
  return async (checkpoint) => {
    const resources = checkpoint.deployment.resources ?? [];
    const environment = resources.find(({ type }) => type.endsWith(":SecureEnvironment"));
    const provider = resources.find(({ type }) => type === "pulumi:providers:kubernetes");
    if (namespacesOf(resources).length > 0 || !environment || !provider) {
      return checkpoint;
    }
    const isOfFailedRun = await failedRunsOf(run);
    const namespace = (await standing()).find(
      (one) => isReviewNamespace(one) && isOfFailedRun(one.metadata?.creationTimestamp),
    );
    const { name, labels } = namespace?.metadata ?? {};
    return name === undefined
      ? checkpoint
      : withConfirmed(checkpoint, [namespaceState(environment, provider, { name, labels })]);
  };
}

function namespaceState(
  environment: ResourceState,
  provider: ResourceState,
  metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> },
) {
  const type = "kubernetes:core/v1:Namespace";
  return {
    urn: environment.urn.replace(/::([^:]+)$/, `$${type}::$1`),
    custom: true,
    id: metadata.name,
    type,
    parent: environment.urn,
    provider: `${provider.urn}::${provider.id}`,
    inputs: { apiVersion: "v1", kind: "Namespace", metadata },
  };
}
