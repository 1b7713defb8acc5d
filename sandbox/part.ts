import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { saysFull } from "./disk";
import { SandboxError } from "./errors";
import { pause } from "./interruption";
import { PortTakenError } from "./ports";
import { referenceTo, sendSignal, startDetached } from "./processes";
import type { PartRecord, StatePaths } from "./state";

const logTailLines = 15;
const readyMilliseconds = 60_000;

/** A process of the control plane while it starts. */
export interface StartingPart {
  readonly record: PartRecord;
  readonly child: ChildProcess;
  /** Fails once the process has ended; never succeeds. */
  readonly crash: Promise<never>;
}

export interface PartOptions {
  /** What its command line begins with so that it runs elsewhere. Default nothing. */
  readonly enter?: readonly string[];
  /** Whether to open a channel for messages, which the caller closes. Default false. */
  readonly channel?: boolean;
}

/** Starts one process of a sandbox and records it, so that it can always be ended. */
export async function startPart(
  name: string,
  executable: string,
  partArguments: readonly string[],
  paths: StatePaths,
  onStarted: (record: PartRecord) => void,
  { enter = [], channel }: PartOptions = {},
): Promise<StartingPart> {
  const logFile = join(paths.logs, `${name}.log`);
  const [program = "", ...programArguments] = [...enter, executable, ...partArguments];
  const child = startDetached(program, programArguments, {
    logFile,
    workingDirectory: paths.root,
    channel,
  });
  if (child.pid === undefined) {
    const [error] = (await once(child, "error")) as [Error];
    throw new SandboxError(`${program} cannot be started: ${error.message}`);
  }
  const reference = referenceTo(child.pid) ?? { pid: child.pid, identity: "" };
  const record = { name, logFile, ...reference };
  try {
    onStarted(record);
  } catch (error) {
    // What could not be written down would never be ended.
    sendSignal(child.pid, "SIGKILL");
    throw error;
  }
  const crash = new Promise<never>((_resolve, reject) => {
    child.once("exit", (code, signal) => reject(crashError(record, signal ?? `exit code ${code}`)));
  });
  // A caller that waits for the part sees the failure. Until one does, the unhandled rejection must not
  // end this process.
  crash.catch(() => undefined);
  return { record, child, crash };
}

/**
 * Asks `isReady` until it says so.
 *
 * @throws SandboxError when one of the parts ends meanwhile, or after 60 seconds.
 */
export async function waitUntil(
  what: string,
  isReady: () => Promise<boolean>,
  parts: readonly StartingPart[],
  abort: AbortSignal,
): Promise<void> {
  const finished = new AbortController();
  const stop = AbortSignal.any([abort, finished.signal]);
  const crashes = parts.map((part) => part.crash);
  const late = pause(readyMilliseconds, stop).then(() => {
    throw lateError(what, parts);
  });
  try {
    await Promise.race([...crashes, late, poll(isReady, stop)]);
  } finally {
    finished.abort();
  }
}

/** The last lines that a part has written, indented. */
export function logTail(logFile: string): string {
  return tailOf(logLines(logFile));
}

function logLines(logFile: string): readonly string[] {
  try {
    return readFileSync(logFile, "utf8").trimEnd().split("\n");
  } catch {
    return ["(it has written nothing)"];
  }
}

function tailOf(lines: readonly string[]): string {
  return lines
    .slice(-logTailLines)
    .map((line) => `  ${line}`)
    .join("\n");
}

async function poll(isReady: () => Promise<boolean>, abort: AbortSignal): Promise<void> {
  // An answer that fails is as good as none yet.
  while (!(await isReady().catch(() => false))) {
    await pause(50, abort);
  }
}

function lateError(what: string, parts: readonly StartingPart[]): SandboxError {
  const seconds = readyMilliseconds / 1000;
  const tails = parts.map(({ record }) => `${record.name}:\n${logTail(record.logFile)}`);
  return new SandboxError(
    [`Waited ${seconds} s in vain until ${what}. The last lines of`, ...tails].join("\n"),
  );
}

function crashError(record: PartRecord, how: string): SandboxError {
  const lines = logLines(record.logFile);
  // A Go program that panics says why first, and then where all of it was.
  const reason = lines.slice(0, -logTailLines).filter(saysFull).slice(-1);
  const tail = tailOf([...reason, ...lines.slice(-logTailLines + reason.length)]);
  const message = `${record.name} ended (${how}) while it started. Its last lines:\n${tail}`;
  return tail.includes("address already in use")
    ? new PortTakenError(message)
    : new SandboxError(message);
}
