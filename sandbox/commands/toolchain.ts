import type { Command } from "commander";

import { ensureToolchain, type ToolchainOptions, toolsOf } from "../toolchain";
import { enforcerOption } from "./options";
import { print, progressReporter } from "./output";
import { toolTable } from "./tables";

/** `toolchain`: builds what is missing, so that a later start is quick. */
export function addToolchain(program: Command): void {
  program
    .command("toolchain")
    .description("find or build all programs, and start nothing")
    .option("--node", "also what a node needs")
    .addOption(enforcerOption())
    .action(async (options: ToolchainOptions) => {
      const reporter = progressReporter();
      const toolchain = await ensureToolchain(reporter, options);
      reporter.line("Every program is ready.");
      print(toolTable(toolsOf(toolchain)));
    });
}
