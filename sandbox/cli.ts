import { constants } from "node:os";

import { Command, CommanderError } from "commander";

import { addDemo } from "./commands/demo";
import { addDown } from "./commands/down";
import { addEnv } from "./commands/env";
import { addExec } from "./commands/exec";
import { stateOption } from "./commands/options";
import { progressReporter } from "./commands/output";
import { addStatus } from "./commands/status";
import { addToolchain } from "./commands/toolchain";
import { addUp } from "./commands/up";
import { addUser } from "./commands/user";
import { InterruptedError, messageOf, SandboxError } from "./errors";

const commands = [addUp, addDown, addStatus, addEnv, addExec, addUser, addToolchain, addDemo];

const exitCodes = { failed: 1, usage: 2 };

function program(): Command {
  const root = new Command("sandbox")
    .description("A throw-away Kubernetes control plane and Pulumi engine on this machine.")
    .addOption(stateOption())
    .exitOverride();
  commands.forEach((add) => add(root));
  return root;
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
  const text = error instanceof SandboxError ? error.message : unexpected(error);
  progressReporter().line(`error: ${text}`);
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}

program()
  .parseAsync()
  .catch((error: unknown) => {
    tell(error);
    process.exitCode = exitCodeOf(error);
  });
