import { plainReporter, type Reporter, terminalReporter } from "../reporter";

/** Tells progress on standard error, so that standard output stays what a command was asked for. */
export function progressReporter(): Reporter {
  return process.stderr.isTTY && !process.env.CI
    ? terminalReporter(process.stderr)
    : plainReporter((line) => process.stderr.write(`${line}\n`));
}

/** Writes the result of a command. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
