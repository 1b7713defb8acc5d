/** Exit codes of `review`: Pulumi's where they mean the same, own ones from 10 on. */
export const exitCodes = {
  failed: 1,
  usage: 2,
  /** There is no such stack. */
  noStack: 6,
  /** Refused by a guard: a reserved name, or something that is not ours. */
  refused: 10,
} as const;

/** An end of the command that its user has to know about, with the exit code for it. */
export class ReviewError extends Error {
  constructor(
    message: string,
    readonly exitCode: (typeof exitCodes)[keyof typeof exitCodes],
  ) {
    super(message);
  }
}
