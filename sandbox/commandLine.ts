import { constants } from "node:os";

import { Command, CommanderError } from "commander";

import { stateOption } from "./commands/options";
import { progressReporter } from "./commands/output";
import { InterruptedError, isSystemError, messageOf, SandboxError } from "./errors";

const exitCodes = { failed: 1, usage: 2 };

/** A command that works with a sandbox; `runCommandLine` runs it. */
export function commandLine(name: string, description: string): Command {
  return new Command(name).description(description).addOption(stateOption()).exitOverride();
}

/** Does what a command was called for. Tells in a line why it failed, and sets the exit code. */
export function runCommandLine(command: Command): void {
  command.parseAsync().catch((error: unknown) => {
    tell(error);
    process.exitCode = exitCodeOf(error);
  });
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander ends with an error of exit code 0 after it has shown its help.
    return error.exitCode === 0 ? 0 : exitCodes.usage;
  }
  return error instanceof InterruptedError
    ? 128 + constants.signals[error.signal]
    : exitCodes.failed;
}

function tell(error: unknown): void {
  if (error instanceof CommanderError) {
    return;
  }
  const isClear = error instanceof SandboxError || isSystemError(error);
  const text = isClear ? error.message : unexpected(error);
  progressReporter().line(`error: ${text}`);
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}
