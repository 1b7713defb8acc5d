import { statfsSync } from "node:fs";
import { dirname } from "node:path";

import { hasCode, messageOf, SandboxError } from "./errors";

/** How many bytes this user may still write into a folder, or where it will be made. */
export function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw error;
    }
    return freeBytes(parent);
  }
}

/**
 * How many megabytes a sandbox writes before its first object: etcd sets 128 aside, the images of a
 * node take 120, and its kubelet lets no pod in where fewer than 105 are left.
 */
export function roomFor(nodes: number): number {
  return 200 + 250 * nodes;
}

/**
 * Makes sure that there is room for a sandbox.
 *
 * @throws SandboxError naming its folder, and how much is left there.
 */
export function requireRoom(
  folder: string,
  megabytes: number,
  free: (folder: string) => number = freeBytes,
): void {
  const left = inMegabytes(free(folder));
  if (left < megabytes) {
    throw new SandboxError(
      `A sandbox needs ${megabytes} MB of disk, and ${folder} has ${left} MB left. ` +
        "Make room there, or name a folder on another disk with --state.",
    );
  }
}

/**
 * What failed because a disk is full, as one line says it. Programs say it in many ways, or wait
 * without a word; so it counts as well that hardly anything is left.
 *
 * @returns `error` itself where there is room.
 */
export function withFullDiskNamed(error: unknown, folder: string): unknown {
  const left = inMegabytes(freeBytes(folder));
  const isFull = left < 8 || hasCode(error, "ENOSPC") || saysFull(messageOf(error));
  return isFull
    ? new SandboxError(
        `The disk is full: ${folder} has ${left} MB left. ` +
          "Make room there, or name a folder on another disk with --state.",
      )
    : error;
}

/** Whether a program says of a failure that the disk is full. */
export function saysFull(text: string): boolean {
  return text.includes("no space left on device");
}

function inMegabytes(bytes: number): number {
  return Math.floor(bytes / 1e6);
}
