import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

/** How a run of the command ended, and what it said. */
export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the command that goes on. */
export interface CommandRun {
  readonly process: ChildProcess;
  readonly end: Promise<CommandEnd>;
}

const launcher = resolve("sandbox/sandbox.js");

/** The command line of the `sandbox` command. */
export function sandboxCommand(commandArguments: readonly string[]): readonly string[] {
  return [process.execPath, launcher, ...commandArguments];
}

/**
 * Starts the `sandbox` command, without colours; `environment` goes on top of that of this process.
 *
 * @param enter what the command line begins with so that it runs elsewhere.
 */
export function beginSandbox(
  commandArguments: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  enter: readonly string[] = [],
): CommandRun {
  const [program = "", ...rest] = [...enter, ...sandboxCommand(commandArguments)];
  const child = spawn(program, rest, {
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output.stderr += chunk.toString()));
  const end = once(child, "close").then(([exitCode, signal]) => ({
    exitCode: exitCode as number | null,
    signal: signal as NodeJS.Signals | null,
    ...output,
  }));
  return { process: child, end };
}

/** Runs the `sandbox` command to its end. */
export function runSandbox(
  commandArguments: readonly string[],
  environment?: Readonly<Record<string, string>>,
  enter?: readonly string[],
): Promise<CommandEnd> {
  return beginSandbox(commandArguments, environment, enter).end;
}
