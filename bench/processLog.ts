import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The environment variable with the file that `processProbe` writes to. */
export const processLogVariable = "BENCHMARK_PROCESS_LOG";

/** What one Node.js process said about itself. */
export interface ProcessRecord {
  readonly processId: number;
  /** The script that it runs, as a path. */
  readonly script: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970; nothing when it was killed. */
  readonly endedAt?: number;
  /** Seconds of user and system time from the start of the process to its end. */
  readonly cpuSeconds?: number;
}

/** Node.js's arguments that make a process write about itself into the log. */
export const probeArguments: readonly string[] = ["--require", join(__dirname, "processProbe.js")];

/** An environment in which each Node.js process writes about itself into the log. */
export function probingEnvironment(logFile: string): Readonly<Record<string, string>> {
  const probe = `--require ${JSON.stringify(probeArguments[1])}`;
  const options = [process.env.NODE_OPTIONS, probe].filter(Boolean).join(" ");
  return { NODE_OPTIONS: options, [processLogVariable]: logFile };
}

/** All processes of a log. Each has written a line at its start and another one at its end. */
export function readProcessLog(logFile: string): readonly ProcessRecord[] {
  const text = existsSync(logFile) ? readFileSync(logFile, "utf8") : "";
  const records = new Map<number, ProcessRecord>();
  for (const line of text.split("\n").filter((candidate) => candidate !== "")) {
    const record = JSON.parse(line) as ProcessRecord;
    records.set(record.processId, { ...records.get(record.processId), ...record });
  }
  return [...records.values()];
}

/** What the Node.js processes of a `pulumi` command are there for. */
export type Role = "language host" | "program";

// An installed language host and the provider are no Node.js processes and not seen here.
const scripts: Readonly<Record<Role, RegExp>> = {
  "language host": /\/languageNodejs\.js$/,
  program: /\/cmd\/run(\/index\.js)?$/,
};

/** The processes with a role, in the order of their start. The engine may start one repeatedly. */
export function processesOf(
  records: readonly ProcessRecord[],
  role: Role,
): readonly ProcessRecord[] {
  return records
    .filter(({ script }) => scripts[role].test(script))
    .toSorted((one, other) => one.startedAt - other.startedAt);
}
