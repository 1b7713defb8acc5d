import type { Command } from "commander";

import { sandboxStatus } from "../sandbox";
import { stateOf } from "./options";
import { print } from "./output";
import { statusText } from "./tables";

/** `status`: says what runs; exit code 1 when something that should does not. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("say which parts run, where, and what every program is")
    .option("--json", "as JSON")
    .action((options: { json?: boolean }, command: Command) => {
      const status = sandboxStatus(stateOf(command));
      print(options.json ? JSON.stringify(status, undefined, 2) : statusText(status));
      process.exitCode = status.running ? 0 : 1;
    });
}
