import { constants } from "node:os";

const stopSignals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs `work` so that a stop signal ends it through its own clean-up: the `AbortSignal` fires, and
 * `work` undoes what it has begun.
 *
 * @returns the exit code: what `work` says, or 128 plus the number of the signal.
 */
export async function untilInterrupted(
  work: (abort: AbortSignal) => Promise<number>,
): Promise<number> {
  const controller = new AbortController();
  let stoppedBy: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    stoppedBy ??= signal;
    controller.abort();
  };
  stopSignals.forEach((signal) => process.on(signal, stop));
  try {
    const exitCode = await work(controller.signal);
    return stoppedBy === undefined ? exitCode : 128 + constants.signals[stoppedBy];
  } catch (error) {
    if (stoppedBy === undefined) {
      throw error;
    }
    return 128 + constants.signals[stoppedBy];
  } finally {
    stopSignals.forEach((signal) => process.off(signal, stop));
  }
}
