import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { namespacesOf } from "secure-environment-cluster/stateNamespaces";
import { ownershipOf } from "secure-environment-cluster/ownership";
import {
  type Checkpoint,
  type ResourceState,
  unconfirmedObjects,
  withConfirmed,
  withObjectId,
} from "../checkpoint";
import { type Cluster, hasHiddenCluster } from "../cluster";
import { runPulumi } from "../engine/pulumiProcess";
import { exitCodes, ReviewError } from "../exitCodes";
import { confirmedCheckpoint } from "../recover";
import { type EnvironmentRun, runEngine } from "./environmentRun";
import { fullStackName } from "./target";

/** The state of the stack, with its secrets encrypted; `undefined` when there is no such stack. */
export function stateOf(run: EnvironmentRun): Promise<Checkpoint | undefined> {
  return exportState(run, []);
}

/**
 * The state with its secrets in plain where the cluster cannot be found otherwise: the provider's
 * settings may be secret.
 */
export async function shownState(run: EnvironmentRun, checkpoint: Checkpoint): Promise<Checkpoint> {
  return hasHiddenCluster(checkpoint)
    ? ((await exportState(run, ["--show-secrets"])) ?? checkpoint)
    : checkpoint;
}

async function exportState(
  run: EnvironmentRun,
  flags: readonly string[],
): Promise<Checkpoint | undefined> {
  const { target, project } = run;
  const stack = fullStackName(target);
  const args = ["stack", "export", "--stack", stack, ...flags];
  const end = await runPulumi({ folder: project.folder, args });
  if (end.exitCode === exitCodes.noStack) {
    return undefined;
  }
  if (end.words.includes("failed to load checkpoint: EOF") && removeEmptyAttributes(run)) {
    return exportState(run, flags);
  }
  try {
    return JSON.parse(end.output) as Checkpoint;
  } catch {
    // An export that broke off holds the state, and nothing of it may be shown.
    const message = `The state of ${stack} could not be read: ${end.words.trim()}`;
    throw new ReviewError(message, exitCodes.failed);
  }
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
 * Takes into the state what a killed run has created without knowing how that ended, and forgets what it
 * has not.
 *
 * @returns the state then.
 * @throws ReviewError with 10 when what it wanted to create is another's.
 */
export async function takeUpUnconfirmed(
  run: EnvironmentRun,
  cluster: Cluster,
  checkpoint: Checkpoint,
): Promise<Checkpoint> {
  if (!checkpoint.deployment.pending_operations?.length) {
    return checkpoint;
  }
  tellOfKilledRun(run, unconfirmedObjects(checkpoint).length);
  return importState(run, await confirmedCheckpoint(checkpoint, cluster));
}

/**
 * Takes into the state what stands in the cluster, names this stack, and is to be created: a run that was
 * interrupted in good order has forgotten what it was creating.
 *
 * @param planned the resources that the next run would create.
 * @returns whether there was any.
 */
export async function takeUpForgotten(
  run: EnvironmentRun,
  cluster: Cluster,
  checkpoint: Checkpoint,
  planned: readonly ResourceState[],
): Promise<boolean> {
  const known = new Set((checkpoint.deployment.resources ?? []).map(({ urn }) => urn));
  const objects = planned.filter(({ urn }) => !known.has(urn)).flatMap(withObjectId);
  const looks = objects.map(async (object) => {
    const found = await cluster.labelsOf(object.inputs);
    return ownershipOf(object.inputs.metadata?.labels, found) === "own" ? [object] : [];
  });
  const own = (await Promise.all(looks)).flat();
  if (own.length > 0) {
    tellOfKilledRun(run, own.length);
    await importState(run, withConfirmed(checkpoint, own));
  }
  return own.length > 0;
}

/**
 * The state with a namespace that names the stack and that a run of it was creating when it was
 * interrupted: the environment is in the state, and its namespace is not.
 */
export function withForgottenNamespace(
  checkpoint: Checkpoint,
  name: string,
  labels: Readonly<Record<string, string>>,
): Checkpoint {
  const resources = checkpoint.deployment.resources ?? [];
  const environment = resources.find(({ type }) => type.endsWith(":SecureEnvironment"));
  const provider = resources.find(({ type }) => type === "pulumi:providers:kubernetes");
  if (namespacesOf(resources).length > 0 || environment === undefined || provider === undefined) {
    return checkpoint;
  }
  const type = "kubernetes:core/v1:Namespace";
  const namespace = {
    urn: environment.urn.replace(/::([^:]+)$/, `$${type}::$1`),
    custom: true,
    id: name,
    type,
    parent: environment.urn,
    provider: `${provider.urn}::${provider.id}`,
    inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
  };
  return withConfirmed(checkpoint, [namespace]);
}

function tellOfKilledRun({ progress }: EnvironmentRun, count: number): void {
  progress.say(`An earlier run was killed; what it made is taken up. Objects: ${count}.`);
}

/** Writes the state, and has Pulumi read what the cluster has of it. */
export async function importState(
  run: EnvironmentRun,
  checkpoint: Checkpoint,
): Promise<Checkpoint> {
  const { target, project } = run;
  const file = join(dirname(project.settingsFile), "state.json");
  writeFileSync(file, JSON.stringify(checkpoint), { mode: 0o600 });
  const stack = fullStackName(target);
  const args = ["stack", "import", "--stack", stack, "--file", file];
  const { exitCode, words } = await runPulumi({ folder: project.folder, args });
  if (exitCode !== 0) {
    const message = `The state of ${stack} could not be written: ${words.trim()}`;
    throw new ReviewError(message, exitCodes.failed);
  }
  await runEngine(run, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  return (await stateOf(run)) ?? checkpoint;
}
