import type { Command } from "commander";

import { openSandbox } from "../sandbox";
import { stateOf } from "./options";
import { print } from "./output";

/** `user`: makes a user and prints the path of their kubeconfig. */
export function addUser(program: Command): void {
  program
    .command("user")
    .description("make a user and print the path of their kubeconfig")
    .argument("<name>")
    .option("--group <group...>", "groups that the user belongs to", [])
    .action(async (name: string, options: { group: string[] }, command: Command) => {
      const sandbox = await openSandbox(stateOf(command));
      print(await sandbox.userKubeconfig(name, options.group));
    });
}
