import { type Command, Option } from "commander";

import { defaultEnforcer, enforcers } from "../pinnedModules";
import { quote } from "../shell";

/** What every command is told: where its sandbox lies. */
export interface GlobalOptions {
  readonly state: string;
}

/** `--state`, or else the environment's `SANDBOX_STATE`, or else `.sandbox` in this folder. */
export function stateOption(): Option {
  return new Option("--state <folder>", "the state folder of the sandbox")
    .env("SANDBOX_STATE")
    .default(".sandbox");
}

/** The state folder that a command was called for. */
export function stateOf(command: Command): string {
  return command.optsWithGlobals<GlobalOptions>().state;
}

/** `--enforcer`: what enforces network policies on the nodes of a sandbox. */
export function enforcerOption(): Option {
  return new Option("--enforcer <name>", "what enforces network policies on nodes")
    .choices(enforcers)
    .default(defaultEnforcer);
}

/** How to call another command of the same sandbox, for people. */
export function invocation(command: Command): string {
  const isGiven = command.parent?.getOptionValueSource("state") === "cli";
  return isGiven ? `npx sandbox --state ${quote(stateOf(command))}` : "npx sandbox";
}
