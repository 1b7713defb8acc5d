import { spawnSync } from "node:child_process";
import { exitCodes, ReviewError } from "./exitCodes";

const largestState = 256 * 1024 * 1024;

/**
 * Runs `pulumi` for a stack, with the text as its standard input; what it says goes to standard
 * error.
 *
 * @throws ReviewError when it fails or is not there.
 */
export function pulumi(stack: string, args: readonly string[], input = ""): void {
  const output = run(stack, args, input);
  process.stderr.write(output);
}

/** The state of a stack, with its secrets still encrypted by default. Errors as `pulumi`. */
export function exportStack<State>(stack: string, flags: readonly string[] = []): State {
  return JSON.parse(run(stack, ["stack", "export", ...flags], "")) as State;
}

function run(stack: string, args: readonly string[], input: string): string {
  const words = [...args, "--stack", stack, "--non-interactive"];
  const { error, status, stdout } = spawnSync("pulumi", words, {
    encoding: "utf8",
    input,
    maxBuffer: largestState,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (error !== undefined) {
    throw new ReviewError(`pulumi could not be run: ${error.message}`, exitCodes.failed);
  }
  if (status !== 0) {
    process.stderr.write(stdout);
    throw new ReviewError(`pulumi ${args[0]} failed; see above.`, exitCodes.failed);
  }
  return stdout;
}
