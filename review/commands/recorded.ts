import { branchOf } from "../environment/branch";
import { fullStackName, type Target, targetOf } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { readSettings } from "../settings/reviewSettings";
import { type RecordedVerb, requireRecordable, type RunRecord, writeRecord } from "./runRecord";

/** What a run came to: its result, or why the branch gets no environment. */
export type Outcome<Result> = { readonly result: Result } | { readonly reason: string };

/** Where to write what came of a run. */
export interface RecordOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** The file of the record, if there is to be one. */
  readonly result?: string;
}

/**
 * Does work on the environment of a branch, and writes what came of it where the options say, also when it
 * failed.
 *
 * @throws ReviewError when the record cannot be written, and whatever the work throws.
 */
export async function recorded<Result extends object>(
  verb: RecordedVerb,
  given: string | undefined,
  { settings, result: file }: RecordOptions,
  work: (target: Target) => Promise<Outcome<Result>>,
): Promise<void> {
  if (file === undefined) {
    await work(targetOf(readSettings(settings), branchOf(given)));
    return;
  }
  requireRecordable(file);
  let known: Pick<RunRecord, "branch" | "stack"> = {};
  try {
    const target = targetOf(readSettings(settings), branchOf(given));
    known = { branch: target.branch, stack: fullStackName(target) };
    const outcome = await work(target);
    writeRecord(file, { verb, ...known, exitCode: exitCodes.done, ...(outcome as object) });
  } catch (error) {
    writeRecord(file, { verb, ...known, ...failureOf(error) });
    throw error;
  }
}

/** What no message tells may have anything in it, and is not told. */
function failureOf(error: unknown): Pick<RunRecord, "exitCode" | "error"> {
  return error instanceof ReviewError
    ? { exitCode: error.exitCode, error: error.message }
    : { exitCode: exitCodes.failed, error: "The command itself failed; its output says more." };
}
