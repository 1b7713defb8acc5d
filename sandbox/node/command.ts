import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { SandboxError } from "../errors";

/**
 * Runs a command to its end in the namespaces that a command line begins with.
 *
 * @throws SandboxError with `fault` and what the command says, when it does not end well.
 */
export async function runInside(
  enter: readonly string[],
  command: readonly string[],
  fault: string,
): Promise<void> {
  const [program = "", ...rest] = [...enter, ...command];
  await promisify(execFile)(program, rest).catch((error: { stderr?: string; message: string }) => {
    throw new SandboxError(`${fault}: ${(error.stderr || error.message).trim()}`);
  });
}

/** Whether a command ends well in the namespaces that a command line begins with. */
export function isDone(enter: readonly string[], command: readonly string[]): Promise<boolean> {
  return runInside(enter, command, "").then(
    () => true,
    () => false,
  );
}
