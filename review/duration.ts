import { instantOf } from "secure-environment/core";
import { exitCodes, ReviewError } from "./exitCodes";

const milliseconds = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

const syntax = /^([1-9]\d{0,5})([smhdw])$/;

/** Whether a text is a duration, as `durationOf` takes it. */
export function isDuration(text: string): boolean {
  return syntax.test(text);
}

/**
 * The milliseconds of a duration such as `90s`, `30m`, `36h`, `7d` or `2w`.
 *
 * @param owner what is given it, such as `--wait`.
 * @throws ReviewError when it is none, or none that a calendar has.
 */
export function durationOf(text: string, owner: string): number {
  const [, count, unit] = syntax.exec(text) ?? [];
  if (count === undefined) {
    const message = `${owner} is ${JSON.stringify(text)}. Give a whole number with a unit: s, m, h, d or w, such as 30m or 7d.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  return Number(count) * milliseconds[unit as keyof typeof milliseconds];
}

/** The instant when a duration from now is over: RFC 3339 in UTC. Errors as `durationOf`. */
export function instantAfter(duration: string, owner: string): string {
  return instantOf(new Date(Date.now() + durationOf(duration, owner)));
}

/** A time in seconds, for people: `4.2 s`, `2 min 5 s`. */
export function describeSeconds(seconds: number): string {
  return seconds < 60
    ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
