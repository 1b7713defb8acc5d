import { Progress } from "../console";
import { interruptible } from "../engine/interruption";
import { branchOf } from "../environment/branch";
import { reasonForNone, type Target, targetOf } from "../environment/target";
import { readSettings } from "../settings/reviewSettings";

/**
 * Does work that takes a while: its progress goes to standard error, and its result to standard output, in
 * words or as JSON.
 */
export async function reported<Result>(
  { json }: { readonly json?: boolean },
  work: (progress: Progress) => Promise<Result>,
  describe: (result: Result) => string,
): Promise<void> {
  const progress = new Progress(process.stderr);
  try {
    const result = await interruptible(() => work(progress));
    progress.end();
    console.log(json === true ? JSON.stringify(result) : describe(result));
  } finally {
    progress.end();
  }
}

/**
 * As `reported`, of work on the environment of a branch. Of a branch that gets none the reason is the result.
 */
export async function reportedOfBranch<Result>(
  given: string | undefined,
  options: { readonly settings: string; readonly json?: boolean },
  work: (target: Target, progress: Progress) => Promise<Result>,
  describe: (result: Result, target: Target) => string,
): Promise<void> {
  const target = targetOf(readSettings(options.settings), branchOf(given));
  const reason = reasonForNone(target);
  if (reason !== undefined) {
    console.log(options.json === true ? JSON.stringify({ reason }) : reason);
    return;
  }
  await reported(
    options,
    (progress) => work(target, progress),
    (result) => describe(result, target),
  );
}
