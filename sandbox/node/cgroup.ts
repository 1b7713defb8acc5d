import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";

import { hasCode, SandboxError } from "../errors";
import { pause } from "../interruption";
import { sendSignal } from "../processes";
import { hierarchies } from "./controllers";

/**
 * The control group of one sandbox with nodes. Each of its processes is put in there before it does
 * anything, and inherits it to all that it starts: so none is lost, not even one whose number was not
 * yet written down when everything was killed.
 */
export interface Cgroup {
  /** Its path below the root of each hierarchy. */
  readonly path: string;
  /** The file that a process writes its number into to join. */
  readonly joinFile: string;
}

/** Below it, the containers of pods; a group with processes of its own may have none below. */
export function podsCgroup({ path }: Cgroup): string {
  return `${path}/pods`;
}

/** The control group of this name, whether or not it exists. */
export function cgroupNamed(name: string): Cgroup {
  return {
    path: `/${name}`,
    joinFile: join(trackingHierarchy(), name, "parts", "cgroup.procs"),
  };
}

/** Makes the control group of a sandbox. */
export function createCgroup(name: string): Cgroup {
  const cgroup = cgroupNamed(name);
  mkdirSync(dirname(cgroup.joinFile), { recursive: true });
  return cgroup;
}

/**
 * Kills every process in a control group at once, waits until they are gone, and removes it and all
 * below it, in each hierarchy. One that does not exist is fine.
 *
 * @throws SandboxError when a process is still there after 20 seconds.
 */
export async function removeCgroup(name: string): Promise<void> {
  const folders = hierarchies().map(({ folder }) => join(folder, name));
  const deadline = Date.now() + 20_000;
  for (;;) {
    const processes = new Set(folders.flatMap(groupsIn).flatMap(processesIn));
    processes.forEach((pid) => sendSignal(pid, "SIGKILL"));
    if (processes.size === 0 && folders.every(isRemoved)) {
      return;
    }
    if (Date.now() > deadline) {
      const numbers = [...processes].join(", ");
      throw new SandboxError(`The control group ${name} is still in use, by processes ${numbers}.`);
    }
    await pause(20);
  }
}

/** The hierarchy that processes are found by. */
function trackingHierarchy(): string {
  const all = hierarchies();
  const found = all.find(({ controllers }) => controllers.includes("pids")) ?? all[0];
  if (found === undefined) {
    throw new SandboxError("A node needs control groups, and none are mounted at /sys/fs/cgroup.");
  }
  return found.folder;
}

/** A control group and all below it, the lowest ones first. */
function groupsIn(folder: string): readonly string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    return [...below.flatMap(({ name }) => groupsIn(join(folder, name))), folder];
  } catch (error) {
    if (hasCode(error, "ENOENT")) {
      return [];
    }
    throw error;
  }
}

function processesIn(folder: string): readonly number[] {
  try {
    const content = readFileSync(join(folder, "cgroup.procs"), "utf8");
    return content.split("\n").filter(Boolean).map(Number);
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENODEV")) {
      return [];
    }
    throw error;
  }
}

/** Removes a control group as far as the kernel lets it go, and says whether it is gone. */
function isRemoved(folder: string): boolean {
  for (const group of groupsIn(folder)) {
    try {
      rmdirSync(group);
    } catch (error) {
      // The kernel still takes leave of a process that has ended.
      if (!hasCode(error, "EBUSY") && !hasCode(error, "ENOENT")) {
        throw error;
      }
    }
  }
  return !existsSync(folder);
}
