import type { Command } from "commander";

import { demonstrate } from "../demo/demo";
import { stateOf } from "./options";
import { progressReporter } from "./output";

/** `demo`: a walled environment for a branch, shown and proved on a throw-away cluster. */
export function addDemo(program: Command): void {
  program
    .command("demo")
    .description("bring up a walled environment for a branch, show it and prove its walls")
    .action((_options: unknown, command: Command) =>
      demonstrate(stateOf(command), progressReporter()),
    );
}
