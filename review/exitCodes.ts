/** Exit codes of `review`: Pulumi's where they mean the same, own ones from 10 on. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  credentials: 3,
  /** The policy pack objects. */
  violation: 5,
  /** There is no such stack. */
  noStack: 6,
  cancelled: 8,
  timedOut: 9,
  /** Refused by a guard: a reserved name, or something that is not ours. */
  refused: 10,
  /** Another run is at work on the stack. */
  locked: 12,
} as const;

/** How the command may end. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** An end of the command that its user has to know about, with the exit code for it. */
export class ReviewError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
