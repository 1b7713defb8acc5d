import { setTimeout } from "node:timers/promises";

import { InterruptedError } from "./errors";

const stopSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs `work` so that a stop signal ends it through its own clean-up instead of at once: the given
 * `AbortSignal` fires, `work` undoes what it began, and only then does the signal take its effect
 * on this process.
 *
 * @throws InterruptedError when a signal came, whatever `work` itself ended with.
 */
export async function interruptible<T>(work: (abort: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    controller.abort(new InterruptedError(signal));
  };
  stopSignals.forEach((signal) => process.on(signal, onSignal));
  try {
    const result = await work(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } finally {
    stopSignals.forEach((signal) => process.off(signal, onSignal));
    if (controller.signal.aborted) {
      process.kill(process.pid, (controller.signal.reason as InterruptedError).signal);
    }
  }
}

/** Resolves after `milliseconds`; rejects with the abort's reason as soon as `abort` fires. */
export async function pause(milliseconds: number, abort?: AbortSignal): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { signal: abort });
  } catch (error) {
    abort?.throwIfAborted();
    throw error;
  }
}
