import { spawnSync } from "node:child_process";
import { printable } from "../console";
import { exitCodes, ReviewError } from "../exitCodes";

const largestState = 256 * 1024 * 1024;

/**
 * The state of a stack by its name alone, with its secrets still encrypted by default; what `pulumi` says to
 * people goes to standard error.
 *
 * @throws ReviewError when it fails or is not there.
 */
export function exportStack<State>(stack: string, flags: readonly string[] = []): State {
  return parsed<State>(exported(["stack", "export", ...flags, "--stack", stack]));
}

/** What is wrong with JSON is told with a piece of it, which may be a secret of the stack. */
function parsed<Content>(json: string): Content {
  try {
    return JSON.parse(json) as Content;
  } catch {
    throw new ReviewError("pulumi did not print JSON; nothing of it is shown.", exitCodes.failed);
  }
}

/** Its standard output is shown to nobody: an export that broke off holds the state. */
function exported(args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync("pulumi", [...args, "--non-interactive"], {
    encoding: "utf8",
    maxBuffer: largestState,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined) {
    throw new ReviewError(`pulumi could not be run: ${error.message}`, exitCodes.failed);
  }
  process.stderr.write(printable(stderr));
  if (status !== 0) {
    const exitCode = status === exitCodes.noStack ? exitCodes.noStack : exitCodes.failed;
    throw new ReviewError("pulumi stack export failed; see above.", exitCode);
  }
  return stdout;
}
