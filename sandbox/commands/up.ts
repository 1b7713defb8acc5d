import { type Command, InvalidArgumentError } from "commander";

import { isNodeCount } from "../node/nodePlan";
import type { Enforcer } from "../pinnedModules";
import { startSandbox } from "../sandbox";
import { enforcerOption, invocation, stateOf } from "./options";
import { print, progressReporter } from "./output";
import { toolTable } from "./tables";

function nodeCount(value: string): number {
  const count = Number(value);
  if (!isNodeCount(count)) {
    throw new InvalidArgumentError("It is not a number from 0 to 9.");
  }
  return count;
}

interface UpOptions {
  readonly admission?: string[];
  readonly apiServer?: string[];
  readonly node?: number | true;
  readonly enforcer: Enforcer;
}

/** `up`: starts a sandbox. */
export function addUp(program: Command): void {
  program
    .command("up")
    .description("start a control plane and lay out a Pulumi engine")
    .option("--admission <plugin...>", "admission plugins on top of the default ones")
    .option("--api-server <argument...>", "arguments of the API server on top of the usual ones")
    .option("--node [count]", "also nodes that pods run on (Linux, root); default one", nodeCount)
    .addOption(enforcerOption())
    .action(async (options: UpOptions, command: Command) => {
      const sandbox = await startSandbox({
        stateDirectory: stateOf(command),
        extraAdmissionPlugins: options.admission,
        extraApiServerArguments: options.apiServer,
        nodes: options.node === true ? 1 : options.node,
        enforcer: options.enforcer,
        report: progressReporter(),
      });
      print(toolTable(sandbox.tools));
      print(`\nUse it:  ${invocation(command)} exec -- COMMAND`);
      print(`End it:  ${invocation(command)} down`);
    });
}
