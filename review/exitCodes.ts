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

/** What each means, for people. */
export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: "done; also: the branch gets no environment, there is nothing to destroy",
  1: "failed",
  2: "the command or the settings are wrong",
  3: "these credentials may not do it, or are not taken",
  5: "the policy pack objects",
  6: "there is no such stack or environment",
  8: "cancelled",
  9: "timed out",
  10: "refused: protected, another's, another cluster, or over the budget",
  12: "another run is at work on the stack, of `reap` on the project, or in the budget",
};

/** An end of the command that its user has to know about, with the exit code for it. */
export class ReviewError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}
