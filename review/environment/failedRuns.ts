import { runPulumi } from "../engine/pulumiProcess";
import { runAgent } from "../engine/runAgent";
import { type EnvironmentRun } from "./environmentRun";
import { fullStackName } from "./target";

/** A run of the stack, as its backend keeps it; in the parts that are looked at. */
interface PastRun {
  readonly kind?: string;
  readonly result?: string;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How far the clocks of a cluster and of who runs Pulumi may lie apart, in milliseconds. */
const clockDifference = 1_000;

/**
 * Says of an instant whether an earlier run of this stack that failed was at work then: what stands since another
 * time was not made by it, as by a stack of the same name in another backend.
 */
export async function failedRunsOf({
  target,
  project,
}: EnvironmentRun): Promise<(instant: string | undefined) => boolean> {
  const args = ["stack", "history", "--json", "--stack", fullStackName(target)];
  const { output } = await runPulumi({ folder: project.folder, args });
  const failed = pastRunsIn(output)
    .filter(({ kind, result }) => kind === "update" && result !== "succeeded")
    .filter(({ environment = {} }) => environment["exec.agent"] !== runAgent)
    .map(
      ({ startTime = "", endTime = "" }) => [Date.parse(startTime), Date.parse(endTime)] as const,
    );
  return (instant = "") =>
    failed.some(
      ([start, end]) =>
        Date.parse(instant) >= start - clockDifference &&
        Date.parse(instant) <= end + clockDifference,
    );
}

/** None where it cannot be read: then nothing is known to be of such a run. */
function pastRunsIn(history: string): readonly PastRun[] {
  try {
    const runs: unknown = JSON.parse(history);
    return Array.isArray(runs) ? (runs as PastRun[]) : [];
  } catch {
    return [];
  }
}
