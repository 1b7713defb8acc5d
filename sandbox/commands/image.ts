import { resolve } from "node:path";

import type { Command } from "commander";

import { openSandbox } from "../sandbox";
import { stateOf } from "./options";

/** `image`: makes a container image of local files, for the nodes of a sandbox. */
export function addImage(program: Command): void {
  program
    .command("image")
    .description("pack a folder, or one static program, into an image and give it to all nodes")
    .argument("<source>", "the folder, which becomes the file system, or the program, which is run")
    .argument("<name>", "such as shop:v1")
    .action(async (source: string, name: string, _options: unknown, command: Command) => {
      const sandbox = await openSandbox(stateOf(command));
      await sandbox.loadImage(resolve(source), name);
    });
}
