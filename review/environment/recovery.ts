import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Checkpoint, unconfirmedObjects } from "../checkpoint";
import { type Cluster, hasHiddenCluster } from "../cluster";
import { runPulumi } from "../engine/pulumiProcess";
import { ReviewError, exitCodes } from "../exitCodes";
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
  { target, project }: EnvironmentRun,
  flags: readonly string[],
): Promise<Checkpoint | undefined> {
  const stack = fullStackName(target);
  const args = ["stack", "export", "--stack", stack, ...flags];
  const end = await runPulumi({ folder: project.folder, args });
  if (end.exitCode === exitCodes.noStack) {
    return undefined;
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
 * Takes into the state what a killed run has created without knowing it, and forgets what it has not.
 *
 * @returns whether there was such a run.
 * @throws ReviewError with 10 when what it wanted to create is another's.
 */
export async function takeUpUnconfirmed(run: EnvironmentRun, cluster: Cluster): Promise<boolean> {
  const checkpoint = await stateOf(run);
  if (checkpoint === undefined || !checkpoint.deployment.pending_operations?.length) {
    return false;
  }
  run.progress.step("Putting the stack in order, of which a run was killed");
  const count = unconfirmedObjects(checkpoint).length;
  const confirmed = await confirmedCheckpoint(checkpoint, cluster);
  await importState(run, confirmed);
  await runEngine(run, ["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
  run.progress.say(
    `A run was killed before it had noted all that it made; ${count} objects were looked for.`,
  );
  return true;
}

async function importState(
  { target, project }: EnvironmentRun,
  checkpoint: Checkpoint,
): Promise<void> {
  const file = join(dirname(project.settingsFile), "state.json");
  writeFileSync(file, JSON.stringify(checkpoint), { mode: 0o600 });
  const stack = fullStackName(target);
  const args = ["stack", "import", "--stack", stack, "--file", file];
  const { exitCode, words } = await runPulumi({ folder: project.folder, args });
  if (exitCode !== 0) {
    throw new ReviewError(
      `The state of ${stack} could not be written: ${words.trim()}`,
      exitCodes.failed,
    );
  }
}
