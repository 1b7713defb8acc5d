import { RunError } from "@pulumi/pulumi";

/**
 * An end of the run that its user has to know about. It has no stack trace, which the user would not
 * be shown anyway: Pulumi's runner formats it all the same, and Node.js 20 takes a minute for one that
 * leads through several packages.
 */
export function failure(message: string): RunError {
  const error = new RunError(message);
  error.stack = message;
  return error;
}
