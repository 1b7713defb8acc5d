import type { Command } from "commander";

import { commandLine, runCommandLine } from "./commandLine";
import { addDown } from "./commands/down";
import { addEnv } from "./commands/env";
import { addExec } from "./commands/exec";
import { addImage } from "./commands/image";
import { addStatus } from "./commands/status";
import { addToolchain } from "./commands/toolchain";
import { addUp } from "./commands/up";
import { addUser } from "./commands/user";

const commands = [addUp, addDown, addStatus, addEnv, addExec, addImage, addUser, addToolchain];

function program(): Command {
  const root = commandLine(
    "sandbox",
    "A throw-away Kubernetes control plane and Pulumi engine on this machine.",
  );
  commands.forEach((add) => add(root));
  return root;
}

runCommandLine(program());
