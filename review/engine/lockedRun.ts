import { exitCodes, ReviewError } from "../exitCodes";
import { breakLock, isBreakable } from "./brokenLocks";
import { isHalfWritten, isRemovedMeanwhile } from "./halfWrittenState";
import { pause as paused } from "./interruption";
import { describeLock, locksIn } from "./stackLock";
import { type PulumiEnd } from "./pulumiProcess";

/** How long a run waits for others, and what it does about those that are gone. */
export interface Patience {
  /** Milliseconds. */
  readonly wait: number;
  /** Called once the lock of a killed run is removed, which may have left the stack in disorder. */
  readonly afterKilledRun?: () => Promise<unknown>;
  readonly tell: (line: string) => void;
}

/** How often a state is read again that another run may be writing at this moment. */
const furtherReadings = 4;

/** Milliseconds between two looks at a lock, at first and at most. */
const firstPause = 300;
const longestPause = 5_000;

/**
 * Runs Pulumi, and again while another run holds the stack. Two runs that begin at once may both give
 * way, so each waits for a time of its own. A lock is removed when its process was started on this machine
 * and is gone; any other may be at work, and stays.
 *
 * @throws ReviewError with 12 when the wait is over.
 */
export async function runUnlocked(
  run: () => Promise<PulumiEnd>,
  { wait, afterKilledRun, tell }: Patience,
): Promise<PulumiEnd> {
  const deadline = performance.now() + wait;
  let told = "";
  let readings = 0;
  const broken = new Set<string>();
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    const end = await run();
    if (isBeingWritten(end) && readings++ < furtherReadings) {
      await paused(pause);
      continue;
    }
    const locks = locksIn(end.words);
    if (end.exitCode === 0 || locks === undefined || end.isCancelled) {
      return end;
    }
    const gone = locks.filter((lock) => isBreakable(lock) && !broken.has(lock.url));
    if (gone.length > 0) {
      tell(`The lock of a run that was killed is removed: ${gone.map(describeLock).join("; ")}.`);
      gone.forEach(breakLock);
      gone.forEach(({ url }) => broken.add(url));
      await afterKilledRun?.();
      continue;
    }
    const holders =
      locks.map(describeLock).join("; ") || "its holder is known to the backend alone";
    if (performance.now() >= deadline) {
      const message =
        `Another run is at work on the stack: ${holders}. Nothing was done. Wait longer with --wait, ` +
        "or, if that run is gone, remove its lock with `pulumi cancel`.";
      throw new ReviewError(message, exitCodes.locked);
    }
    if (told !== holders) {
      tell(`Waiting for another run at work on the stack: ${holders}.`);
      told = holders;
    }
    await paused(Math.min(pause * (0.5 + Math.random()), deadline - performance.now()));
  }
}

function isBeingWritten({ exitCode, words }: PulumiEnd): boolean {
  return exitCode !== 0 && (isHalfWritten(words) || isRemovedMeanwhile(words));
}
