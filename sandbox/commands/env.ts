import type { Command } from "commander";

import { openSandbox } from "../sandbox";
import { exportLines } from "../shell";
import { statePaths } from "../state";
import { stateOf } from "./options";
import { print } from "./output";

/** `env`: prints what a shell evaluates to work with a sandbox. */
export function addEnv(program: Command): void {
  program
    .command("env")
    .description('print what to export: eval "$(npx sandbox env)"')
    .action(async (_options: unknown, command: Command) => {
      const { stateDirectory, environment } = await openSandbox(stateOf(command));
      print(exportLines(statePaths(stateDirectory).binaries, environment));
    });
}
