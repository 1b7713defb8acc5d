import type { Command } from "commander";

import { stopSandbox } from "../sandbox";
import { stateOf } from "./options";

/** `down`: ends a sandbox. */
export function addDown(program: Command): void {
  program
    .command("down")
    .description("end the sandbox and remove all that it left; nothing there is fine")
    .action((_options: unknown, command: Command) => stopSandbox(stateOf(command)));
}
