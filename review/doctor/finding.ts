import { printable } from "../console";
import { exitCodes, type ExitCode } from "../exitCodes";

/** What may be said of something, from what is worst on; what is not known is not wrong. */
export const findingStates = ["wrong", "warning", "unknown", "ok"] as const;

export type FindingState = (typeof findingStates)[number];

/** One thing that was looked at, and how it is. */
export interface Finding {
  /** What was looked at, such as `network plugin`. */
  readonly subject: string;
  readonly state: FindingState;
  /** What was found. */
  readonly found: string;
  /** What to do about it; only where something is to be done. */
  readonly fix?: string;
  /** Whether it is wrong because these credentials are not taken, or may not do it. */
  readonly isAboutCredentials?: boolean;
}

/** Something as it should be. */
export function fine(subject: string, found: string): Finding {
  return { subject, state: "ok", found };
}

/** Something that no run gets past. */
export function wrong(subject: string, found: string, fix: string): Finding {
  return { subject, state: "wrong", found, fix };
}

/** As `wrong`, for reasons of these credentials. */
export function refused(subject: string, found: string, fix: string): Finding {
  return { subject, state: "wrong", found, fix, isAboutCredentials: true };
}

/** Something that may be meant. */
export function doubtful(subject: string, found: string, fix: string): Finding {
  return { subject, state: "warning", found, fix };
}

/** Something that could not be looked at. */
export function unknown(subject: string, found: string): Finding {
  return { subject, state: "unknown", found };
}

/** How the command ends that found this: credentials come first, as nothing goes on without. */
export function exitCodeFor(findings: readonly Finding[]): ExitCode {
  const faults = findings.filter(({ state }) => state === "wrong");
  if (faults.some(({ isAboutCredentials }) => isAboutCredentials)) {
    return exitCodes.credentials;
  }
  return faults.length > 0 ? exitCodes.failed : exitCodes.done;
}

/** The findings as a table, what is to be done below each. */
export function tableOfFindings(findings: readonly Finding[]): string {
  const titles = ["STATE", "WHAT", "FOUND"] as const;
  const widest = (title: string, texts: readonly string[]) =>
    Math.max(title.length, ...texts.map(({ length }) => length));
  const first = widest(titles[0], findStates(findings));
  const second = widest(
    titles[1],
    findings.map(({ subject }) => subject),
  );
  const row = (state: string, subject: string, text: string) =>
    `${state.padEnd(first)}  ${subject.padEnd(second)}  ${text}`.trimEnd();
  const below = (text: string) => row("", "", text);
  return [
    row(...titles),
    ...findings.flatMap(({ state, subject, found, fix }) => {
      const [line = "", ...more] = printable(found).split("\n");
      const todo = fix === undefined ? [] : [below(`→ ${printable(fix)}`)];
      return [row(state, subject, line), ...more.map(below), ...todo];
    }),
  ].join("\n");
}

function findStates(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ state }) => state);
}
