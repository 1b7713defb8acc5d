import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";

import { hasCode } from "../errors";

/** A mounted hierarchy of control groups. */
export interface Hierarchy {
  readonly folder: string;
  readonly version: 1 | 2;
  /** What can be bounded in it, such as `memory`. */
  readonly controllers: readonly string[];
}

/** What the kubelet and runc do not work without. */
const needed: readonly string[] = ["cpu", "cpuset", "memory"];

/** Kernels of version 2 count CPU seconds wherever they bound CPU. */
const neededOfVersion1: readonly string[] = [...needed, "cpuacct"];

/** Where the hierarchies of control groups are mounted: several of version 1, one of version 2, or both. */
export function hierarchies(
  mounts = readFileSync("/proc/self/mounts", "utf8"),
): readonly Hierarchy[] {
  return mounts
    .split("\n")
    .map((line) => line.split(" "))
    .flatMap(([, folder = "", type, options = ""]): Hierarchy[] => {
      if (type === "cgroup") {
        return [{ folder, version: 1, controllers: options.split(",") }];
      }
      return type === "cgroup2" ? [{ folder, version: 2, controllers: controllersIn(folder) }] : [];
    });
}

/**
 * What these hierarchies cannot bound and a node needs to. The kubelet takes version 2 where it is
 * mounted at /sys/fs/cgroup itself, and version 1 alone elsewhere.
 */
export function missingControllers(all: readonly Hierarchy[]): readonly string[] {
  const isUnified = all.some(({ folder, version }) => version === 2 && folder === "/sys/fs/cgroup");
  const used = all.filter(({ version }) => version === (isUnified ? 2 : 1));
  const found = used.flatMap(({ controllers }) => controllers);
  return (isUnified ? needed : neededOfVersion1).filter((name) => !found.includes(name));
}

/** Whether control groups can be made in a hierarchy; in most containers they cannot. */
export function isWritable({ folder }: Hierarchy): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function controllersIn(folder: string): readonly string[] {
  try {
    return readFileSync(join(folder, "cgroup.controllers"), "utf8").trim().split(" ");
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return [];
    }
    throw error;
  }
}
