import { spawn } from "node:child_process";

/** How a command ended and what it said. */
export interface CommandResult {
  /** The exit code; of a process that a signal ended, 128. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams, as a person sees them. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Replaces the environment of this process. */
  readonly env: NodeJS.ProcessEnv;
  /** Sees the process as soon as it runs. */
  readonly onStart?: (processId: number) => void;
}

/** Runs a command to its end; a failure is a result like any other. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? 128, stdout, stderr, output }));
    if (child.pid !== undefined) {
      options.onStart?.(child.pid);
    }
  });
}
