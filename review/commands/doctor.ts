import { printable } from "../console";
import { connectByVariable, connectTo } from "../cluster/cluster";
import { checks } from "../doctor/checks";
import { lookAtDeletions } from "../doctor/deletions";
import { examine } from "../doctor/examination";
import { exitCodeFor, type Finding, tableOfFindings } from "../doctor/finding";
import { reach } from "../doctor/reachedCluster";
import { lookAtSettings } from "../doctor/settings";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Checkpoint } from "../state/checkpoint";
import { clusterOfState, exportState } from "../state/exportedState";
import { shown } from "./reported";

/** What is looked at, and how it is told. */
export interface DoctorOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** A stack by its full name, whatever made it: only what holds its deletion is told. */
  readonly stack?: string;
  readonly json?: boolean;
}

/** What was found, for programs that read it. */
interface DoctorResult {
  readonly findings: readonly Finding[];
}

/** How long each check may take, in milliseconds: longer than a request to the cluster and one after it. */
const patience = 30_000;

/**
 * Says whether everything is right here, each finding with what to do about it. All checks look side by
 * side, and none changes anything.
 *
 * @param branch whose environment is looked at, too.
 * @throws ReviewError when something is wrong; with 3 when it is about credentials.
 */
export async function doctor(branch: string | undefined, options: DoctorOptions): Promise<void> {
  if (options.stack !== undefined) {
    return deletionsOf(branch, { ...options, stack: options.stack });
  }
  const { findings } = await shown(
    options,
    (progress) => {
      progress.step("Looking at everything that a run needs");
      return examined(branch, options.settings);
    },
    (result) => tableOfFindings(result.findings),
  );
  const exitCode = exitCodeFor(findings);
  if (exitCode !== exitCodes.done) {
    const count = findings.filter(({ state }) => state === "wrong").length;
    const message = `${count} of ${findings.length} ${count === 1 ? "is" : "are"} wrong; see above.`;
    throw new ReviewError(message, exitCode);
  }
}

async function examined(branch: string | undefined, folder: string): Promise<DoctorResult> {
  const { settings, finding } = lookAtSettings(folder);
  const reaching = Promise.resolve()
    .then(() => (settings === undefined ? connectByVariable() : connectTo(settings)))
    .then(reach);
  // Those who ask for it tell what became of it.
  reaching.catch(() => undefined);
  const surroundings = { environment: process.env, settings, reaching, branch };
  return { findings: [finding, ...(await examine(checks, surroundings, patience))] };
}

/** Says what holds the deletion of a stack's objects: since when, what holds it, and what to do. */
async function deletionsOf(
  branch: string | undefined,
  { stack, json }: DoctorOptions & { readonly stack: string },
): Promise<void> {
  if (branch !== undefined || json === true) {
    const message = "--stack looks at one stack alone: give no branch with it, and no --json.";
    throw new ReviewError(message, exitCodes.usage);
  }
  const checkpoint = await stateOf(stack);
  const cluster = await clusterOfState(checkpoint, () => stateOf(stack, ["--show-secrets"]));
  console.error(`The cluster of this run: ${cluster.server}`);
  const { held, unseen } = await lookAtDeletions(checkpoint, cluster);
  held.forEach((message) => console.log(printable(message)));
  unseen.forEach((reason) => console.error(`warning: ${printable(reason)}`));
  if (held.length > 0) {
    const message = `${stack} is held in its deletion; see above. Then run \`up\` or \`destroy\` again.`;
    throw new ReviewError(message, exitCodes.failed);
  }
  if (unseen.length > 0) {
    const message = `Whether ${stack} is held in its deletion is not known; see above.`;
    throw new ReviewError(message, exitCodes.failed);
  }
  console.log(`No object of ${stack} is being deleted.`);
}

async function stateOf(stack: string, flags: readonly string[] = []): Promise<Checkpoint> {
  const { checkpoint, isMissing, words } = await exportState(stack, ".", flags);
  if (checkpoint === undefined) {
    const message = `The state of ${stack} could not be read: ${words.trim()}`;
    throw new ReviewError(message, isMissing ? exitCodes.noStack : exitCodes.failed);
  }
  return checkpoint;
}
