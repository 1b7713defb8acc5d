import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";

import { hasCode, SandboxError } from "./errors";
import { pause } from "./interruption";
import { isRunning, type ProcessReference, referenceTo } from "./processes";

/** Who holds a lock. */
export interface LockOwner extends ProcessReference {
  readonly host: string;
}

export interface LockOptions {
  readonly abort?: AbortSignal;
  /** Told again and again while another process holds the lock. */
  readonly onWait?: (owner: LockOwner, waitedMilliseconds: number) => void;
  /** Milliseconds between two looks at a held lock; default 250. */
  readonly interval?: number;
}

/**
 * Runs `work` while no other process runs work under the same lock file. A lock whose owner has
 * ended without releasing it is taken over.
 *
 * Two processes that find the same stale lock in the same instant may, once in a long while, both
 * go on: guard what one run must not see of the other by an atomic rename as well.
 */
export async function withLock<T>(
  lockFile: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await acquire(lockFile, options);
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

async function acquire(lockFile: string, options: LockOptions): Promise<void> {
  const began = Date.now();
  while (!tryAcquire(lockFile)) {
    const owner = ownerOf(lockFile);
    if (owner !== undefined && isHeld(owner)) {
      options.onWait?.(owner, Date.now() - began);
      await pause(options.interval ?? 250, options.abort);
    } else if (owner !== undefined) {
      discard(lockFile);
    }
  }
}

function tryAcquire(lockFile: string): boolean {
  const self = referenceTo(process.pid);
  const draft = `${lockFile}.${process.pid}`;
  const owner = { ...self, host: hostname() } satisfies Partial<LockOwner>;
  try {
    writeFileSync(draft, JSON.stringify(owner));
    // A hard link appears with its content complete, or not at all when the name is taken.
    linkSync(draft, lockFile);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) {
      return false;
    }
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function ownerOf(lockFile: string): LockOwner | undefined {
  try {
    return JSON.parse(readFileSync(lockFile, "utf8")) as LockOwner;
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return undefined;
    }
    throw new SandboxError(
      `The lock file ${lockFile} cannot be read. Delete it if no other sandbox is being started.`,
    );
  }
}

function isHeld(owner: LockOwner): boolean {
  // Nothing can be said from here about a process of another machine that shares the folder.
  return owner.host !== hostname() || isRunning(owner);
}

function discard(lockFile: string): void {
  const discarded = `${lockFile}.stale-${process.pid}`;
  try {
    renameSync(lockFile, discarded);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) {
      throw error;
    }
  }
  rmSync(discarded, { force: true });
}
