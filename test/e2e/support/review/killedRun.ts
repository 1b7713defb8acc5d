import { randomUUID } from "node:crypto";
import { eventually } from "../../../support/eventually";
import { type CommandResult } from "../../../support/command";
import { processesWith, processIdsWith } from "../processes";
import { type ApiGate } from "./apiGate";
import { type ReviewCommand } from "./reviewCommand";

const marker = "SECURE_ENVIRONMENT_TEST_RUN";

/** Who is signalled: the command, as by a terminal or a runner, or all processes of the job. */
export type Target = "command" | "job";

/** When a run ends, and how. */
export interface Kill {
  /** Which of its writes it ends at. */
  readonly write: number;
  readonly signal: NodeJS.Signals;
  readonly target: Target;
}

/**
 * Runs the command through a gate, and kills it at a write: that gets to the API server, and its answer to
 * nobody.
 *
 * @param KUBECONFIG leads through the gate.
 */
export async function killedRun(
  review: ReviewCommand,
  gate: ApiGate,
  KUBECONFIG: string,
  args: readonly string[],
  { write, signal, target }: Kill,
): Promise<CommandResult> {
  const run = randomUUID();
  let command = 0;
  gate.open();
  gate.onWrite = (count) => {
    if (count === write) {
      signalTo(target === "job" ? processIdsWith(marker, run) : [command], signal);
    }
  };
  const killed = await review.run(args, {
    env: { KUBECONFIG, [marker]: run },
    onStart: (id) => (command = id),
  });
  gate.open();
  await eventually(() => processesWith(marker, run).length === 0);
  return killed;
}

function signalTo(ids: readonly number[], signal: NodeJS.Signals): void {
  for (const id of ids) {
    try {
      process.kill(id, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}
