import { execFile } from "node:child_process";

/** How a program ended that was asked something. */
export interface ProgramEnd {
  /** Its exit code; `missing` when there is no such program, and `failed` when it was ended. */
  readonly end: number | "missing" | "failed";
  readonly output: string;
  /** What it said to people. */
  readonly words: string;
}

interface AskOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly over: AbortSignal;
  readonly folder?: string;
}

const largestAnswer = 256 * 1024 * 1024;

/** Asks `pulumi` something that changes nothing. */
export function askPulumi(
  args: readonly string[],
  { environment, over, folder }: AskOptions,
): Promise<ProgramEnd> {
  const words = [...args, "--non-interactive", "--color", "never"];
  const options = {
    cwd: folder,
    env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
    signal: over,
    killSignal: "SIGKILL" as const,
    maxBuffer: largestAnswer,
  };
  return new Promise((resolve) => {
    execFile("pulumi", words, options, (error, output, said) => {
      const code = error === null ? 0 : error.code;
      const end = code === "ENOENT" ? "missing" : typeof code === "number" ? code : "failed";
      resolve({
        end,
        output,
        words: end === "missing" ? "pulumi is not on the PATH" : said.trim(),
      });
    });
  });
}

/** The JSON that a program printed; `undefined` when it printed something else. */
export function jsonOf(output: string): unknown {
  try {
    return JSON.parse(output) as unknown;
  } catch {
    return undefined;
  }
}
