/** A fault that a person can act on. Its message says what is wrong, the value, and what to do. */
export class SandboxError extends Error {
  override readonly name: string = "SandboxError";
}

/** The work was stopped by a signal after everything that it had begun was undone. */
export class InterruptedError extends SandboxError {
  override readonly name = "InterruptedError";

  constructor(readonly signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}; nothing was left behind.`);
  }
}

/** Whether a failed system call ended with the given code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === code;
}

/** Whether the machine refused something, such as to write into a folder: its message says what. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return error instanceof Error && code !== undefined && syscall !== undefined;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
