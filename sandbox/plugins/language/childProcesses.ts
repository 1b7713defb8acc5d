import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

const graceMilliseconds = 5_000;

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that was started, and its end. */
export interface RunningProcess {
  process: ChildProcess;
  exited: Promise<Exit>;
  /** Asks the process to leave, and makes it leave when it does not. */
  interrupt(): void;
  kill(): void;
}

/** Starts processes and keeps hold of them, so that none is left behind. */
export class ChildProcesses {
  private readonly running = new Set<RunningProcess>();

  /** Starts a process in a group of its own, so that the processes that it starts can be ended with it. */
  start(command: string, args: readonly string[], options: SpawnOptions): RunningProcess {
    const process = spawn(command, args, { ...options, detached: true });
    const started: RunningProcess = {
      process,
      exited: new Promise((resolve, reject) => {
        process.on("error", reject);
        process.on("close", (code, signal) => resolve({ code, signal }));
      }),
      interrupt() {
        signalGroup(process, "SIGINT");
        setTimeout(() => signalGroup(process, "SIGKILL"), graceMilliseconds).unref();
      },
      kill: () => signalGroup(process, "SIGKILL"),
    };
    this.running.add(started);
    process.once("close", () => this.running.delete(started));
    return started;
  }

  killAll(): void {
    for (const started of this.running) {
      started.kill();
    }
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}
