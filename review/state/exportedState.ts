import { type Cluster, clusterOf, hasHiddenCluster } from "../cluster/cluster";
import { runPulumi } from "../engine/pulumiProcess";
import { exitCodes } from "../exitCodes";
import { type ReviewSettings } from "../settings/reviewSettings";
import { type Checkpoint } from "./checkpoint";

/** What Pulumi exports of a stack. */
export interface ExportedState {
  /** Nothing when there is no such stack, or when its state could not be read. */
  readonly checkpoint?: Checkpoint;
  /** Whether there is no such stack. */
  readonly isMissing: boolean;
  /** What Pulumi said to people. */
  readonly words: string;
}

/** Reads the state of a stack; its secrets are encrypted unless the flags say otherwise. */
export async function exportState(
  stack: string,
  folder: string,
  flags: readonly string[] = [],
): Promise<ExportedState> {
  const args = ["stack", "export", "--stack", stack, ...flags];
  const { exitCode, output, words } = await runPulumi({ folder, args });
  if (exitCode === exitCodes.noStack) {
    return { isMissing: true, words };
  }
  try {
    return { checkpoint: JSON.parse(output) as Checkpoint, isMissing: false, words };
  } catch {
    // An export that broke off holds the state, and nothing of it may be shown.
    return { isMissing: false, words };
  }
}

/**
 * The cluster that a state's own provider works on. The settings of the provider, which say it, may be secret.
 *
 * @param shown reads the state with its secrets in plain; asked where that is needed.
 */
export async function clusterOfState(
  checkpoint: Checkpoint,
  shown: () => Promise<Checkpoint | undefined>,
  settings?: ReviewSettings,
): Promise<Cluster> {
  const plain = hasHiddenCluster(checkpoint) ? ((await shown()) ?? checkpoint) : checkpoint;
  return clusterOf(plain, () => plain, settings);
}
