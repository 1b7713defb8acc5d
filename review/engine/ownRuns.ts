import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { dirname, join } from "node:path";
import { type StackLock } from "./stackLock";

/**
 * Notes that a process of Pulumi was started here, so that its lock can be told from one of another
 * machine or container that has the same name.
 *
 * @returns what forgets it, once it has ended.
 */
export function noteRun(processId: number): () => void {
  try {
    const file = noteOf(processId);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, machine() ?? "");
    return () => rmSync(file, { force: true });
  } catch {
    // Without a note its lock is not removed when it is killed, which is told then.
    return () => undefined;
  }
}

/** There may be no home folder. */
function noteOf(processId: number): string {
  const state = join(homedir(), ".local", "state", "secure-environment-review");
  return join(state, "runs", String(processId));
}

/**
 * Whether the run that holds a lock was started on this machine, since it was started itself, and is gone.
 * Where that cannot be told, as after `pulumi up` by hand, it is not gone.
 */
export function isGone({ host, processId }: StackLock): boolean {
  return host === hostname() && isNoted(processId) && !isAlive(processId);
}

function isNoted(processId: number): boolean {
  const here = machine();
  try {
    return here !== undefined && readFileSync(noteOf(processId), "utf8") === here;
  } catch {
    return false;
  }
}

/** The start of the system and the space of process numbers, where the system tells them. */
function machine(): string | undefined {
  try {
    const start = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${start} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

/** A process of another user is there as well, and may not be signalled. */
function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
