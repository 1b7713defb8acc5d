import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { printable } from "../console";
import { exitCodes, ReviewError } from "../exitCodes";
import { type EngineEvent, eventIn } from "./engineEvents";
import { passingSignalsOn } from "./interruption";
import { noteRun } from "./ownRuns";

/** How `pulumi` is run. */
export interface PulumiRun {
  readonly folder: string;
  readonly args: readonly string[];
  /** Environment variables that differ from those of this process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Told of each event of a run with `--json`. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Milliseconds after which it is ended in good order. Default: when it ends by itself. */
  readonly limit?: number;
}

/** How it ended. */
export interface PulumiEnd {
  readonly exitCode: number;
  /** Its standard output, but for events. */
  readonly output: string;
  /** What it said to people. */
  readonly words: string;
  /** Whether a signal to this process was passed on to it. */
  readonly isCancelled: boolean;
  /** Whether its limit was over. */
  readonly isTimedOut?: boolean;
}

/**
 * Runs `pulumi`. A signal to this process reaches it once, and a second one ends it at once, as it means
 * it: in a group of its own it is not signalled by the terminal as well.
 *
 * @throws ReviewError when it is not there, and with 8 after a signal.
 */
export async function runPulumi(run: PulumiRun): Promise<PulumiEnd> {
  let child: ChildProcess | undefined;
  const pass = (signal: NodeJS.Signals) => child?.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
  const { result, isCancelled } = await passingSignalsOn(pass, async () => {
    child = start(run);
    const forgetRun = child.pid === undefined ? () => undefined : noteRun(child.pid);
    const said = listenTo(child, run.onEvent);
    const watch = limit(child, run.limit);
    const code = await exitOf(child).finally(() => watch.end());
    if (code !== null) {
      forgetRun();
    }
    return { code, isTimedOut: watch.isOver, ...(await said) };
  });
  const { code, ...end } = result;
  return code === null
    ? { ...end, exitCode: exitCodes.failed, words: `${end.words}\npulumi was killed.`, isCancelled }
    : { ...end, exitCode: code, isCancelled };
}

/** Has it end by a signal, as a person would, when its time is over. */
function limit(child: ChildProcess, milliseconds: number | undefined) {
  const watch = { isOver: false, end: () => clearTimeout(timer) };
  const timer =
    milliseconds === undefined
      ? undefined
      : setTimeout(() => {
          watch.isOver = true;
          child.kill("SIGINT");
        }, milliseconds);
  return watch;
}

function start({ folder, args, environment }: PulumiRun): ChildProcess {
  return spawn("pulumi", [...args, "--non-interactive", "--color", "never"], {
    cwd: folder,
    env: { ...process.env, ...environment, ...settledEnvironment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
}

/** Nobody is there to be told of updates, and the stack's own salt is in its state. */
const settledEnvironment = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
};

async function listenTo(
  { stdout, stderr }: ChildProcess,
  onEvent: PulumiRun["onEvent"],
): Promise<{ output: string; words: string }> {
  const [output, words] = await Promise.all([
    linesOf(stdout, (line) => {
      const event = onEvent && eventIn(line);
      if (event === undefined) {
        return true;
      }
      onEvent?.(event);
      return false;
    }),
    linesOf(stderr, () => true),
  ]);
  return { output, words: printable(words) };
}

async function linesOf(
  stream: ChildProcess["stdout"],
  isKept: (line: string) => boolean,
): Promise<string> {
  const kept: string[] = [];
  if (stream !== null) {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      kept.push(...(isKept(line) ? [line] : []));
    }
  }
  return kept.join("\n");
}

/** Nothing when it was killed: then it has left its lock behind. */
function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on("error", ({ message }: NodeJS.ErrnoException) =>
      reject(
        new ReviewError(
          `pulumi could not be run (${message}). Install Pulumi 3.255 or later, and have it on the PATH.`,
          exitCodes.failed,
        ),
      ),
    );
    child.on("close", resolve);
  });
}
