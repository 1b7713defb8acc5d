import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isGone } from "./ownRuns";
import { type StackLock } from "./stackLock";

/**
 * Whether a lock may be removed: its run is gone, and it is a file, which is removed by its own name. In
 * other backends Pulumi removes all locks of a stack at once, and so one that another run has made meanwhile.
 */
export function isBreakable(lock: StackLock): boolean {
  return lock.url.startsWith("file://") && isGone(lock);
}

/** Removes a lock, and the file that Pulumi writes beside it. */
export function breakLock({ url }: StackLock): void {
  const file = fileURLToPath(url);
  [`${file}.attrs`, file].forEach((one) => rmSync(one, { force: true }));
}
