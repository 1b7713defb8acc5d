import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { exitCodes, ReviewError } from "../exitCodes";
import { runPulumi } from "./pulumiProcess";
import { type StackLock } from "./stackLock";

/**
 * Removes locks of a stack whose runs are gone. In a backend of files these alone; elsewhere by
 * `pulumi cancel`, which removes all that there are.
 *
 * @param folder has the Pulumi.yaml of the stack's project.
 * @throws ReviewError when that fails.
 */
export async function breakLocks(
  folder: string,
  stack: string,
  locks: readonly StackLock[],
): Promise<void> {
  if (locks.every(({ url }) => url.startsWith("file://"))) {
    const files = locks.map(({ url }) => fileURLToPath(url));
    // Pulumi writes a second file beside each.
    files
      .flatMap((file) => [`${file}.attrs`, file])
      .forEach((file) => rmSync(file, { force: true }));
    return;
  }
  const end = await runPulumi({ folder, args: ["cancel", "--yes", "--stack", stack] });
  if (end.exitCode !== 0) {
    throw new ReviewError(`The lock could not be removed: ${end.words.trim()}`, exitCodes.failed);
  }
}
