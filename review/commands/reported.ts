import { printable, printableJson, Progress } from "../console";
import { interruptible } from "../engine/interruption";
import { reasonForNone, type Target } from "../environment/target";
import { type Outcome } from "./recorded";

interface ReportOptions {
  readonly json?: boolean;
}

/**
 * Does work that changes nothing: its progress goes to standard error, and its result to standard output, in
 * words or as JSON. A signal ends it at once.
 *
 * @returns the result, once it is printed.
 */
export async function shown<Result>(
  { json }: ReportOptions,
  work: (progress: Progress) => Promise<Result>,
  describe: (result: Result) => string,
): Promise<Result> {
  const progress = new Progress(process.stderr);
  try {
    const result = await work(progress);
    progress.end();
    console.log(json === true ? printableJson(result) : describe(result));
    return result;
  } finally {
    progress.end();
  }
}

/** As `shown`, of work that a signal ends in good order. */
export async function reported<Result>(
  options: ReportOptions,
  work: (progress: Progress) => Promise<Result>,
  describe: (result: Result) => string,
): Promise<Result> {
  return shown(options, (progress) => interruptible(() => work(progress)), describe);
}

/**
 * As `reported`, of work on the environment of a branch. Of a branch that gets none the reason is the result.
 */
export async function reportedOfBranch<Result>(
  target: Target,
  options: { readonly json?: boolean },
  work: (progress: Progress) => Promise<Result>,
  describe: (result: Result) => string,
): Promise<Outcome<Result>> {
  const reason = reasonForNone(target);
  if (reason !== undefined) {
    console.log(options.json === true ? printableJson({ reason }) : printable(reason));
    return { reason };
  }
  return { result: await reported(options, work, describe) };
}
