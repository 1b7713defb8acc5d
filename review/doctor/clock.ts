import { type Check, reachedBy } from "./examination";
import { doubtful, fine, type Finding, unknown } from "./finding";
import { type ClockReading, distanceOf } from "../cluster/clockReading";

const subject = "clock";

/** How far clocks may lie apart, in milliseconds, before expiries and tokens suffer. */
const tolerance = 60_000;

/** The API server's clock beside this machine's. */
export const clock: Check = {
  subject,
  look: async (surroundings) => [judgeClock(await (await reachedBy(surroundings)).clock())],
};

/** How far apart the clocks are, in words. */
export function judgeClock(reading: ClockReading): Finding {
  const distance = distanceOf(reading);
  if (distance === undefined) {
    return unknown(subject, "not known: the API server does not say the time");
  }
  const seconds = Math.round(distance.milliseconds / 1_000);
  if (distance.milliseconds <= tolerance) {
    return fine(subject, `at most ${Math.max(1, seconds)} s apart from the API server's`);
  }
  return doubtful(
    subject,
    `this machine's is ${seconds} s ${distance.side} the API server's; expiries and tokens go by it`,
    "Set both by NTP.",
  );
}
