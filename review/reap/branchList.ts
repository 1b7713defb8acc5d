import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { passingSignalsOn, requireUninterrupted } from "../engine/interruption";
import { exitCodes, ReviewError } from "../exitCodes";
import { type OpenBranches, openBranchesIn } from "./openBranches";

/** Where the list of open branches comes from; nowhere, if neither is said. */
export interface BranchSource {
  readonly file?: string;
  /** A shell command that prints it. */
  readonly command?: string;
}

/** How long the command may take, in milliseconds. */
const commandPatience = 60_000;

/** Characters of a list: a hundred thousand branches are fewer. */
const longestList = 10_000_000;

/**
 * Reads the list of open branches. A command is run now: list environments before.
 *
 * @param clockDistance how far this machine's clock may be from the API server's, in milliseconds.
 * @returns `undefined` where there is to be none.
 * @throws ReviewError with 10 when it cannot be read, is empty, or is no list of branches.
 */
export async function readOpenBranches(
  { file, command }: BranchSource,
  clockDistance: number,
): Promise<OpenBranches | undefined> {
  if (file !== undefined) {
    const { text, writtenAt } = contentOf(file);
    return openIn(text, `The list of open branches ${file}`, writtenAt - clockDistance);
  }
  return command === undefined
    ? undefined
    : openIn(await outputOf(command), `What ${command} printed of open branches`);
}

function openIn(text: string, what: string, writtenAt?: number): OpenBranches {
  const read = openBranchesIn(text, writtenAt);
  if ("fault" in read) {
    throw unusable(`${what} ${read.fault}. Give the name of one branch on each line, in full.`);
  }
  return read.open;
}

function contentOf(file: string): { readonly text: string; readonly writtenAt: number } {
  try {
    return { writtenAt: statSync(file).mtimeMs, text: readFileSync(file, "utf8") };
  } catch (error) {
    const { code = "no reason is known" } = error as NodeJS.ErrnoException;
    throw unusable(`The list of open branches ${file} cannot be read (${code}).`);
  }
}

async function outputOf(command: string): Promise<string> {
  let child: ChildProcess | undefined;
  const pass = (signal: NodeJS.Signals) => end(child, signal);
  const { result } = await passingSignalsOn(pass, () => {
    // In a group of its own, so that what the shell has started ends with it.
    const stdio: ["ignore", "pipe", number] = ["ignore", "pipe", 2];
    child = spawn(command, { shell: true, detached: true, stdio });
    return outputAndCodeOf(child);
  });
  requireUninterrupted();
  if (result.fault !== undefined) {
    throw unusable(`Open branches could not be listed: ${command} ${result.fault}.`);
  }
  return result.text;
}

/** What it prints, or what went wrong. */
function outputAndCodeOf(
  child: ChildProcess,
): Promise<{ readonly text: string; readonly fault?: string }> {
  return new Promise((resolve) => {
    let text = "";
    let fault: string | undefined;
    const stop = (reason: string) => {
      fault ??= reason;
      end(child, "SIGKILL");
    };
    const timer = setTimeout(
      () => stop(`did not end within ${commandPatience / 1_000} s`),
      commandPatience,
    );
    child.stdout?.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
      if (text.length > longestList) {
        stop("printed more than a list of branches can be");
      }
    });
    child.on("error", ({ message }) => stop(`could not be run (${message})`));
    child.on("close", (code) => {
      clearTimeout(timer);
      const ended = code === null ? "was ended by a signal" : `ended with ${code}`;
      resolve({ text, fault: fault ?? (code === 0 ? undefined : ended) });
    });
  });
}

function end({ pid }: Partial<ChildProcess> = {}, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, signal);
    }
  } catch {
    // It has ended already.
  }
}

function unusable(fault: string): ReviewError {
  return new ReviewError(`${fault} Nothing was removed.`, exitCodes.refused);
}
