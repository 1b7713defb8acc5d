import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";

import { hasCode, SandboxError } from "./errors";

const terminalSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGQUIT", "SIGHUP"];

/**
 * Runs a command in the place of this process: with its input and output, passing signals on.
 *
 * @returns the command's exit code, or 128 plus the number of the signal that ended it.
 * @throws SandboxError when the command cannot be run.
 */
export async function runInForeground(
  command: string,
  commandArguments: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn(command, commandArguments, { env: environment, stdio: "inherit" });
  const reachedByTerminal = hasTerminal();
  const pass = (signal: NodeJS.Signals): void => {
    // A terminal sends these to the command itself as well, and some programs take a second one
    // for an order to stop at once.
    if (!reachedByTerminal || !terminalSignals.includes(signal)) {
      child.kill(signal);
    }
  };
  const signals = [...terminalSignals, "SIGTERM" as const];
  signals.forEach((signal) => process.on(signal, pass));
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } catch (error) {
    throw hasCode(error, "ENOENT")
      ? new SandboxError(`There is no command ${command} on the PATH.`)
      : error;
  } finally {
    signals.forEach((signal) => process.off(signal, pass));
  }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
