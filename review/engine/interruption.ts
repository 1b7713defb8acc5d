import { setTimeout as sleep } from "node:timers/promises";
import { exitCodes, ReviewError } from "../exitCodes";

/** The signals by which people and hosts of pipelines end a command. */
export const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const interruption = new AbortController();

/**
 * Runs work that a signal ends in good order: what runs then is told by whoever started it, and nothing
 * more is begun. A second signal while nothing runs ends the process.
 */
export async function interruptible<Result>(work: () => Promise<Result>): Promise<Result> {
  const interrupt = (): void => {
    if (interruption.signal.aborted && childrenRunning === 0) {
      process.exit(exitCodes.cancelled);
    }
    interruption.abort();
  };
  stopSignals.forEach((signal) => process.on(signal, interrupt));
  try {
    return await work();
  } finally {
    stopSignals.forEach((signal) => process.off(signal, interrupt));
  }
}

let childrenRunning = 0;

/** Passes signals on to what runs meanwhile, and says whether there was one. */
export async function passingSignalsOn<Result>(
  pass: (signal: NodeJS.Signals) => void,
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly isCancelled: boolean }> {
  requireUninterrupted();
  let isCancelled = false;
  const passOn = (signal: NodeJS.Signals): void => {
    isCancelled = true;
    pass(signal);
  };
  stopSignals.forEach((signal) => process.on(signal, passOn));
  childrenRunning++;
  try {
    const result = await run();
    return { result, isCancelled };
  } finally {
    childrenRunning--;
    stopSignals.forEach((signal) => process.off(signal, passOn));
  }
}

/** Waits so many milliseconds; no longer than until a signal. Errors as `requireUninterrupted`. */
export async function pause(milliseconds: number): Promise<void> {
  const { signal } = interruption;
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
  requireUninterrupted();
}

/** @throws ReviewError with 8 after a signal. */
export function requireUninterrupted(): void {
  if (interruption.signal.aborted) {
    const message = "Cancelled. What is made so far is noted: run the same command again.";
    throw new ReviewError(message, exitCodes.cancelled);
  }
}
