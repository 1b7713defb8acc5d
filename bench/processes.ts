import { existsSync, readdirSync, readFileSync } from "node:fs";
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
export const probeArguments: readonly string[] = [
  "--require",
  join(__dirname, "scripts", "processProbe.js"),
];

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

/** How often processes are looked at: what one takes after the last look is lost. */
const intervalMilliseconds = 20;

/** `/proc` counts in hundredths of a second, at every clock of the kernel. */
const ticksPerSecond = 100;

/** Whether this system tells what its processes take. */
export const countsProcessorTime = process.platform === "linux";

/**
 * Runs a command and counts the CPU seconds of all that it starts, also of what it does not wait
 * for: the engine kills its plugins.
 *
 * @param mark a variable with its value, `NAME=value`, that only these processes inherit.
 */
export async function withProcessorTime<Result>(
  mark: string,
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly cpuSeconds: number }> {
  const processes = new MarkedProcesses(mark);
  const timer = setInterval(() => processes.look(), intervalMilliseconds);
  try {
    const result = await run();
    return { result, cpuSeconds: processes.cpuSeconds };
  } finally {
    clearInterval(timer);
  }
}

/** What the processes have taken that had a variable in their environment. */
class MarkedProcesses {
  private readonly seconds = new Map<string, number>();
  private readonly others = new Set<string>();

  constructor(private readonly mark: string) {}

  get cpuSeconds(): number {
    return [...this.seconds.values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  look(): void {
    processIds()
      .filter((id) => this.isCounted(id))
      .forEach((id) => this.seconds.set(id, secondsOf(id) ?? this.seconds.get(id) ?? 0));
  }

  /** The environment of a process never changes, but it is empty while the process begins. */
  private isCounted(id: string): boolean {
    if (this.seconds.has(id) || this.others.has(id)) {
      return this.seconds.has(id);
    }
    const environment = read(`/proc/${id}/environ`);
    const isMarked = environment.split("\0").includes(this.mark);
    if (!isMarked && environment !== "") {
      this.others.add(id);
    }
    return isMarked;
  }
}

function processIds(): string[] {
  return countsProcessorTime ? readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)) : [];
}

/** The user and system time of a process without that of its children; nothing when it has ended. */
function secondsOf(id: string): number | undefined {
  const stat = read(`/proc/${id}/stat`);
  // The command's name comes second, in parentheses, and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? undefined : ticks / ticksPerSecond;
}

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
