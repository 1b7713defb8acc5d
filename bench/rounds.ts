import type { Sandbox } from "secure-environment-sandbox";

import { type CommandRun, type Commands } from "./commands";
import { deleteNamespace } from "./namespaceDeletion";
import { measurePair } from "./ratios";

/** What one round through the life of an environment gave. */
export interface Round {
  readonly stackInit: CommandRun;
  readonly up: CommandRun;
  readonly emptyUp: CommandRun;
  readonly unchangedUp: CommandRun;
  readonly destroy: CommandRun;
  /** Seconds in which an equal namespace was deleted by the API alone. */
  readonly namespaceDeletion: number;
  /** The state after `up`, as `pulumi stack export` shows it. */
  readonly state: string;
}

/** Where the rounds run. */
export interface RoundPlace {
  readonly sandbox: Sandbox;
  readonly commands: Commands;
  readonly environmentProgram: string;
  readonly emptyProgram: string;
  readonly abort: AbortSignal;
}

const up = ["up", "--yes", "--skip-preview"];
const destroy = ["destroy", "--yes", "--skip-preview", "--remove"];

/** Brings fresh stacks up and removes them again, each in pairs with what it is compared with. */
export async function runRound(round: number, place: RoundPlace): Promise<Round> {
  const { sandbox, commands, environmentProgram, emptyProgram, abort } = place;
  const stack = ["--stack", `review-benchmark-${round}`];
  const branch = ["--config", `branch=benchmark-${round}`];
  const equalName = `review-equal-${round}`;
  const equalBranch = ["--config", `branch=equal-${round}`];
  const equalStack = ["--stack", equalName];
  const emptyStack = ["--stack", `empty-${round}`];
  const initialize = (folder: string, [, name = ""]: string[]) =>
    commands.pulumi(folder, "stack", "init", "--no-select", name);

  const stackInit = await initialize(environmentProgram, stack);
  await initialize(environmentProgram, equalStack);
  await initialize(emptyProgram, emptyStack);
  const ups = await measurePair(
    round,
    () => commands.pulumi(environmentProgram, ...up, ...stack, ...branch),
    () => commands.pulumi(emptyProgram, ...up, ...emptyStack),
  );
  const unchangedUp = await commands.pulumi(environmentProgram, ...up, ...stack, ...branch);
  const state = await commands.pulumi(environmentProgram, "stack", "export", ...stack);
  await commands.pulumi(environmentProgram, ...up, ...equalStack, ...equalBranch);
  const removals = await measurePair(
    round,
    () => commands.pulumi(environmentProgram, ...destroy, ...stack),
    () => deleteNamespace(sandbox.kubeconfig, equalName, abort),
  );
  await commands.pulumi(environmentProgram, "stack", "rm", "--force", "--yes", ...equalStack);
  await commands.pulumi(emptyProgram, ...destroy, ...emptyStack);
  return {
    stackInit,
    up: ups.numerator,
    emptyUp: ups.denominator,
    unchangedUp,
    destroy: removals.numerator,
    namespaceDeletion: removals.denominator,
    state: state.output,
  };
}
