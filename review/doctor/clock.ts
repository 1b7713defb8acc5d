import { type Check, reachedBy } from "./examination";
import { doubtful, fine, type Finding, unknown } from "./finding";
import { type ClockReading } from "./reachedCluster";

const subject = "clock";

/** How far clocks may lie apart, in milliseconds, before expiries and tokens suffer. */
const tolerance = 60_000;

/** The API server's clock beside this machine's. */
export const clock: Check = {
  subject,
  look: async (surroundings) => [judgeClock(await (await reachedBy(surroundings)).clock())],
};

/** The answer was written at some moment between question and answer, and says so to the second. */
export function judgeClock({ sent, answered, said }: ClockReading): Finding {
  if (said === undefined || Number.isNaN(said)) {
    return unknown(subject, "not known: the API server does not say the time");
  }
  const ahead = sent - (said + 1_000);
  const behind = said - answered;
  const distance = Math.max(0, ahead, behind);
  const seconds = Math.round(distance / 1_000);
  if (distance <= tolerance) {
    return fine(subject, `at most ${Math.max(1, seconds)} s apart from the API server's`);
  }
  const side = ahead > behind ? "ahead of" : "behind";
  return doubtful(
    subject,
    `this machine's is ${seconds} s ${side} the API server's; expiries and tokens go by it`,
    "Set both by NTP.",
  );
}
