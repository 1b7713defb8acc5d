import type { Command } from "commander";

import { startSandbox } from "../sandbox";
import { invocation, stateOf } from "./options";
import { print, progressReporter } from "./output";
import { toolTable } from "./tables";

/** `up`: starts a sandbox. */
export function addUp(program: Command): void {
  program
    .command("up")
    .description("start a control plane and lay out a Pulumi engine")
    .option("--admission <plugin...>", "admission plugins on top of the default ones")
    .action(async (options: { admission?: string[] }, command: Command) => {
      const sandbox = await startSandbox({
        stateDirectory: stateOf(command),
        extraAdmissionPlugins: options.admission,
        report: progressReporter(),
      });
      print(toolTable(sandbox.tools));
      print(`\nUse it:  ${invocation(command)} exec -- COMMAND`);
      print(`End it:  ${invocation(command)} down`);
    });
}
