import { parseArgs } from "node:util";

/** What the command line asks for. */
export interface Options {
  /** How often each pair is measured. */
  readonly rounds: number;
  /** Where the results go as JSON. */
  readonly jsonFile?: string;
}

/** How the command is called. */
export const usage = "usage: npm run bench -- [--rounds NUMBER] [--json FILE]";

/** @throws Error when the arguments are none that the command knows. */
export function parseOptions(commandLine: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...commandLine],
    options: { rounds: { type: "string", default: "5" }, json: { type: "string" } },
  });
  if (!/^[1-9]\d?$/.test(values.rounds)) {
    throw new Error(`--rounds is ${values.rounds}. Give a number from 1 to 99.`);
  }
  return { rounds: Number(values.rounds), jsonFile: values.json };
}
