import { setTimeout as sleep } from "node:timers/promises";

const retries = 5;
const firstPauseMilliseconds = 1_000;

/** Tries again, with growing pauses, as long as it fails in a way that time may heal. */
export async function retrying<T>(
  attempt: () => Promise<T>,
  mayHeal: (error: unknown) => boolean,
  onRetry: (error: unknown, retry: number) => void,
  cancelled: AbortSignal,
): Promise<T> {
  for (let retry = 0; ; retry++) {
    try {
      return await attempt();
    } catch (error) {
      if (retry >= retries || !mayHeal(error)) {
        throw error;
      }
      onRetry(error, retry);
      await sleep(firstPauseMilliseconds * 2 ** retry, undefined, { signal: cancelled });
    }
  }
}
