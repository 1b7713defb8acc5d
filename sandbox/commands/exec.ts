import type { Command } from "commander";

import { openSandbox } from "../sandbox";
import { runInForeground } from "../foreground";
import { stateOf } from "./options";

/** `exec`: runs a command with the environment of a sandbox and ends as that command does. */
export function addExec(program: Command): void {
  program
    .command("exec")
    .description("run a command with the environment of the sandbox: exec -- COMMAND")
    .argument("<command>")
    .argument("[arguments...]")
    .action(async (name: string, values: string[], _options: unknown, command: Command) => {
      const { environment } = await openSandbox(stateOf(command));
      process.exitCode = await runInForeground(name, values, { ...process.env, ...environment });
    });
}
