import { type Cluster, telling } from "./cluster";
import { patience } from "./patience";

/** When a question was sent and answered, and when the API server says that was; in milliseconds. */
export interface ClockReading {
  readonly sent: number;
  readonly answered: number;
  readonly said: number | undefined;
}

/** Asks the API server for the time. */
export function readClock(cluster: Cluster): Promise<ClockReading> {
  return telling(`The clock of ${cluster.server}`, async () => {
    const api = await cluster.api();
    const sent = Date.now();
    const said = await api.date({ timeout: patience });
    return { sent, answered: Date.now(), said: said?.getTime() };
  });
}

/** How far this machine's clock is from the API server's, at least. */
export interface ClockDistance {
  readonly milliseconds: number;
  readonly side: "ahead of" | "behind";
}

/**
 * The answer was written at some moment between question and answer, and says so to the second; `undefined`
 * where it does not say so.
 */
export function distanceOf({ sent, answered, said }: ClockReading): ClockDistance | undefined {
  if (said === undefined || Number.isNaN(said)) {
    return undefined;
  }
  const ahead = sent - (said + 1_000);
  const behind = said - answered;
  return {
    milliseconds: Math.max(0, ahead, behind),
    side: ahead > behind ? "ahead of" : "behind",
  };
}
