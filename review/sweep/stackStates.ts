import { type Cluster } from "../cluster/cluster";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Checkpoint } from "../state/checkpoint";
import { clusterOfState, exportState } from "../state/exportedState";

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
    const checkpoint = await exported(stack, folder);
    if (checkpoint === undefined) {
      return {};
    }
    const shown = () => exported(stack, folder, ["--show-secrets"]);
    return { state: { stack, checkpoint, cluster: await clusterOfState(checkpoint, shown) } };
  } catch (error) {
    if (!(error instanceof ReviewError) || error.exitCode === exitCodes.cancelled) {
      throw error;
    }
    return { unread: `Stack ${stack}: ${error.message}` };
  }
}

async function exported(
  stack: string,
  folder: string,
  flags: readonly string[] = [],
): Promise<Checkpoint | undefined> {
  const { checkpoint, isMissing, words } = await exportState(stack, folder, flags);
  if (checkpoint === undefined && !isMissing) {
    const message = `its state could not be read: ${words.trim()}`;
    throw new ReviewError(message, exitCodes.failed);
  }
  return checkpoint;
}
