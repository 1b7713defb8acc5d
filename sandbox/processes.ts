import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

import { hasCode, SandboxError } from "./errors";
import { pause } from "./interruption";

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessReference {
  readonly pid: number;
  /** When it started, as the operating system tells it. */
  readonly identity: string;
}

/** Refers to a running process, or nothing when there is none of that number. */
export function referenceTo(pid: number): ProcessReference | undefined {
  const identity = identityOf(pid);
  return identity === undefined ? undefined : { pid, identity };
}

/** Whether exactly that process still runs. A zombie does not. */
export function isRunning(reference: ProcessReference): boolean {
  return identityOf(reference.pid) === reference.identity;
}

/**
 * Ends processes at once and waits until they are gone. A later process that has the number of one
 * that ended before is left alone.
 *
 * @throws SandboxError when one is still there after 10 seconds.
 */
export async function endProcesses(references: readonly ProcessReference[]): Promise<void> {
  references.filter(isRunning).forEach((reference) => sendSignal(reference.pid, "SIGKILL"));
  const deadline = Date.now() + 10_000;
  for (;;) {
    const remaining = references.filter(isRunning);
    if (remaining.length === 0) {
      return;
    }
    if (Date.now() > deadline) {
      const numbers = remaining.map((reference) => reference.pid).join(", ");
      throw new SandboxError(`These processes did not end although they were killed: ${numbers}.`);
    }
    await pause(10);
  }
}

/** Sends a signal; a process (or with a negative number a group) that is gone is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH")) {
      throw error;
    }
  }
}

/** Starts a process that outlives this one and writes everything it says into a file. */
export function startDetached(
  command: string,
  commandArguments: readonly string[],
  options: {
    readonly logFile: string;
    readonly workingDirectory: string;
    /** Whether to open a channel for messages, which the caller closes. Default false. */
    readonly channel?: boolean;
  },
): ChildProcess {
  const log = openSync(options.logFile, "a", 0o600);
  try {
    const child = spawn(command, commandArguments, {
      cwd: options.workingDirectory,
      env: withoutProxies(process.env),
      detached: true,
      stdio: ["ignore", log, log, ...(options.channel ? (["ipc"] as const) : [])],
    });
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** All that a part of a sandbox talks to is in it, and no proxy leads there. */
function withoutProxies(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const entries = Object.entries(environment);
  return Object.fromEntries(entries.filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name)));
}

function identityOf(pid: number): string | undefined {
  return process.platform === "linux" ? identityFromProc(pid) : identityFromPs(pid);
}

function identityFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name comes second, in parentheses, and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTime] = [fields[0], fields[19]];
    return state === "Z" || state === "X" ? undefined : `${bootIdentity()}/${startTime}`;
  } catch {
    return undefined;
  }
}

function bootIdentity(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function identityFromPs(pid: number): string | undefined {
  try {
    const columns = ["-o", "stat=,lstart=", "-p", String(pid)];
    const [state, ...startTime] = execFileSync("ps", columns, {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith("Z") ? undefined : startTime.join(" ");
  } catch {
    return undefined;
  }
}
