import { spawnSync } from "node:child_process";
import { printable } from "../console";
import { exitCodes, ReviewError } from "../exitCodes";

const largestState = 256 * 1024 * 1024;

/**
 * Runs `pulumi` for a stack, with the text as its standard input; what it says goes to standard
 * error.
 *
 * @throws ReviewError when it fails or is not there.
 */
export function pulumi(stack: string, args: readonly string[], input = ""): void {
  const output = run(stack, args, input);
  process.stderr.write(printable(output));
}

/** The state of a stack, with its secrets still encrypted by default. Errors as `pulumi`. */
export function exportStack<State>(stack: string, flags: readonly string[] = []): State {
  return parsed<State>(run(stack, ["stack", "export", ...flags], ""));
}

/** As `exportStack`; `undefined` when there is no such stack. */
export function findStack<State>(stack: string): State | undefined {
  try {
    return exportStack<State>(stack);
  } catch (error) {
    if (error instanceof ReviewError && error.exitCode === exitCodes.noStack) {
      return undefined;
    }
    throw error;
  }
}

/** The names of all stacks of the backend; in full where the folder belongs to no project. */
export function allStacks(): string[] {
  const listed = parsed<{ name: string }[]>(runPulumi(["stack", "ls", "--all", "--json"]));
  return listed.map(({ name }) => name).sort();
}

/** What is wrong with JSON is told with a piece of it, which may be a secret of the stack. */
function parsed<Content>(json: string): Content {
  try {
    return JSON.parse(json) as Content;
  } catch {
    throw new ReviewError("pulumi did not print JSON; nothing of it is shown.", exitCodes.failed);
  }
}

function run(stack: string, args: readonly string[], input: string): string {
  return runPulumi([...args, "--stack", stack], input);
}

function runPulumi(args: readonly string[], input = ""): string {
  const words = [...args, "--non-interactive"];
  const { error, status, stdout, stderr } = spawnSync("pulumi", words, {
    encoding: "utf8",
    input,
    maxBuffer: largestState,
    stdio: "pipe",
  });
  if (error !== undefined) {
    throw new ReviewError(`pulumi could not be run: ${error.message}`, exitCodes.failed);
  }
  process.stderr.write(printable(stderr));
  if (status !== 0) {
    // What goes there is for people; an export that broke off holds the state.
    process.stderr.write(args[1] === "export" ? "" : printable(stdout));
    const exitCode = status === exitCodes.noStack ? exitCodes.noStack : exitCodes.failed;
    throw new ReviewError(`pulumi ${args[0]} failed; see above.`, exitCode);
  }
  return stdout;
}
