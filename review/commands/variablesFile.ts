import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import { recordOf, textOf } from "secure-environment/core";
import { exitCodes, type ExitCode, ReviewError } from "../exitCodes";
import { type UpResult } from "./upResult";

/**
 * What later jobs of a pipeline want to know of an environment, a line each, as GitHub's file GITHUB_OUTPUT
 * and GitLab's reports of kind `dotenv` take it. What is not known is left out.
 *
 * @throws ReviewError when a value has a line break, which would pass for another variable.
 */
export function variableLines({ stack, outputs }: UpResult): string {
  const { namespaceName, url } = recordOf(outputs);
  const values = { NAMESPACE: textOf(namespaceName), STACK: stack, URL: textOf(url) };
  const known = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const broken = known.filter(([, value]) => /[\p{Cc}\u2028\u2029]/u.test(value));
  if (broken.length > 0) {
    const names = broken.map(([name]) => name).join(" and ");
    const message = `The environment is up, but no variable is written: ${names} would have a line break, or another character that is none of a text.`;
    throw new ReviewError(message, exitCodes.failed);
  }
  return known.map(([name, value]) => `${name}=${value}\n`).join("");
}

/**
 * Makes sure that variables can be written when the run is over.
 *
 * @throws ReviewError with 2, before anything is done.
 */
export function requireAppendable(file: string): void {
  append(file, "", "cannot be written: nothing was done", exitCodes.usage);
}

/** @throws ReviewError when they cannot be written. */
export function appendVariables(file: string, result: UpResult): void {
  append(file, variableLines(result), "could not be written", exitCodes.failed);
}

function append(file: string, lines: string, failure: string, exitCode: ExitCode): void {
  try {
    appendFileSync(file, lines);
  } catch (error) {
    const { code = "no reason is known" } = error as NodeJS.ErrnoException;
    const message = `--variables ${resolve(file)} ${failure} (${code}).`;
    throw new ReviewError(message, exitCode);
  }
}
