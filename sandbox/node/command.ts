import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** Whether a command ends well in the namespaces that a command line begins with. */
export async function isDone(
  enter: readonly string[],
  command: readonly string[],
): Promise<boolean> {
  const [program = "", ...rest] = [...enter, ...command];
  return promisify(execFile)(program, rest).then(
    () => true,
    () => false,
  );
}
