import { lstatSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { isRecord, textOf } from "secure-environment/core";
import { type ExitCode, exitCodeMeanings, exitCodes, ReviewError } from "../exitCodes";
import { writePrivateFile } from "../privateFile";

const verbs = ["up", "extend", "destroy"] as const;

/** What changes an environment, and may write a record of what came of it. */
export type RecordedVerb = (typeof verbs)[number];

/** What came of a run, for a later step of a pipeline. */
export interface RunRecord {
  readonly verb: RecordedVerb;
  /** Not known where the settings cannot be taken. */
  readonly branch?: string;
  /** The stack by its full name; known when the branch is. */
  readonly stack?: string;
  readonly exitCode: ExitCode;
  /** What the verb prints with `--json`, when it did its work. */
  readonly result?: Readonly<Record<string, unknown>>;
  /** Why the branch gets no environment. */
  readonly reason?: string;
  /** The message of a run that failed. */
  readonly error?: string;
}

/**
 * Makes sure that a record can be written when the run is over, and removes the one of an earlier run: what
 * is killed writes none.
 *
 * @throws ReviewError with 2, before anything is done.
 */
export function requireRecordable(file: string): void {
  try {
    const found = lstatSync(file, { throwIfNoEntry: false });
    if (found !== undefined && !found.isFile()) {
      throw Object.assign(new Error(), { code: "it is no plain file" });
    }
    writePrivateFile(file, "");
    rmSync(file);
  } catch (error) {
    const message = `--result ${resolve(file)} cannot be written (${codeOf(error)}): nothing was done. Name a file in a folder that exists.`;
    throw new ReviewError(message, exitCodes.usage);
  }
}

/** @throws ReviewError when it cannot be written. */
export function writeRecord(file: string, record: RunRecord): void {
  try {
    writePrivateFile(file, `${JSON.stringify(record)}\n`);
  } catch (error) {
    const message = `--result ${resolve(file)} could not be written (${codeOf(error)}), after the work was done.`;
    throw new ReviewError(message, exitCodes.failed);
  }
}

/** @throws ReviewError with 2 when there is none, or something else. */
export function readRecord(file: string): RunRecord {
  const record = parsed(file);
  if (!isRunRecord(record)) {
    throw unusable(file, "is no record of a run");
  }
  return record;
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw unusable(file, error instanceof SyntaxError ? "is no JSON" : `(${codeOf(error)})`);
  }
}

function isRunRecord(record: unknown): record is RunRecord {
  if (!isRecord(record)) {
    return false;
  }
  const { verb, exitCode, result = {}, ...texts } = record;
  return (
    verbs.some((one) => one === verb) &&
    Object.keys(exitCodeMeanings).includes(String(exitCode)) &&
    isRecord(result) &&
    Object.values(texts).every((text) => textOf(text) !== undefined) &&
    (exitCode !== exitCodes.done || "result" in record || "reason" in record)
  );
}

function unusable(file: string, fault: string): ReviewError {
  const message =
    `What came of the run cannot be read: ${resolve(file)} ${fault}. ` +
    "`review up`, `extend` and `destroy` write it where --result says; a run that was killed writes none.";
  return new ReviewError(message, exitCodes.usage);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "no reason is known";
}
