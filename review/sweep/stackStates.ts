import { type Cluster, clusterOf, hasHiddenCluster } from "../cluster/cluster";
import { runPulumi } from "../engine/pulumiProcess";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Checkpoint } from "../state/checkpoint";

/** What the backend has of a stack. */
export interface StackState {
  /** Its full name. */
  readonly stack: string;
  /** With its secrets encrypted. */
  readonly checkpoint: Checkpoint;
  /** The cluster that it works on. */
  readonly cluster: Cluster;
}

/** A state, or why it could not be read; neither of a stack that was destroyed since it was listed. */
export interface ReadState {
  readonly state?: StackState;
  readonly unread?: string;
}

/** Reads the state of a stack, by Pulumi. */
export async function readState(stack: string, folder: string): Promise<ReadState> {
  try {
    const checkpoint = await exportedState(stack, folder);
    return checkpoint === undefined
      ? {}
      : { state: { stack, checkpoint, cluster: await clusterOfState(stack, folder, checkpoint) } };
  } catch (error) {
    if (!(error instanceof ReviewError) || error.exitCode === exitCodes.cancelled) {
      throw error;
    }
    return { unread: `Stack ${stack}: ${error.message}` };
  }
}

/** The settings of the provider, which say the cluster, may be secret. */
async function clusterOfState(
  stack: string,
  folder: string,
  checkpoint: Checkpoint,
): Promise<Cluster> {
  const shown = hasHiddenCluster(checkpoint)
    ? ((await exportedState(stack, folder, ["--show-secrets"])) ?? checkpoint)
    : checkpoint;
  return clusterOf(shown, () => shown);
}

async function exportedState(
  stack: string,
  folder: string,
  flags: readonly string[] = [],
): Promise<Checkpoint | undefined> {
  const args = ["stack", "export", "--stack", stack, ...flags];
  const { exitCode, output, words } = await runPulumi({ folder, args });
  if (exitCode === exitCodes.noStack) {
    return undefined;
  }
  try {
    return JSON.parse(output) as Checkpoint;
  } catch {
    // An export that broke off holds the state, and nothing of it may be shown.
    const message = `its state could not be read: ${words.trim()}`;
    throw new ReviewError(message, exitCodes.failed);
  }
}
