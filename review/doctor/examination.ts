import { shownWords } from "secure-environment/core";
import { firstLine } from "secure-environment-kubernetes";
import { ReviewError } from "../exitCodes";
import { type ReviewSettings } from "../settings/reviewSettings";
import { type Finding, unknown, wrong } from "./finding";
import { type ReachedCluster } from "./reachedCluster";

/** What the checks look at. */
export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  /** `undefined` where they cannot be taken. */
  readonly settings: ReviewSettings | undefined;
  /** The cluster that was chosen, once it has answered. `reachedBy` leaves its faults to its own check. */
  readonly reaching: Promise<ReachedCluster>;
  /** The branch whose environment is looked at, too. */
  readonly branch?: string;
  /** Ends programs that a check has started when its time is over. */
  readonly over: AbortSignal;
}

/** One thing to look at. It looks, and judges what it saw by a function that is given nothing else. */
export interface Check {
  readonly subject: string;
  readonly look: (surroundings: Surroundings) => Promise<readonly Finding[]>;
}

/** The cluster was not reached, which its own check tells. */
class UnreachedError extends Error {}

/** The cluster, for checks that have nothing to say where it was not reached. */
export function reachedBy({ reaching }: Surroundings): Promise<ReachedCluster> {
  return reaching.catch((error: unknown) => {
    throw error instanceof ReviewError ? new UnreachedError(error.message) : error;
  });
}

/**
 * Has all checks look side by side. What one of them throws is its finding, and so is that it took
 * longer than the patience, in milliseconds.
 */
export async function examine(
  checks: readonly Check[],
  surroundings: Omit<Surroundings, "over">,
  patience: number,
): Promise<readonly Finding[]> {
  const findings = checks.map((check) => findingsOf(check, surroundings, patience));
  return (await Promise.all(findings)).flat();
}

async function findingsOf(
  { subject, look }: Check,
  surroundings: Omit<Surroundings, "over">,
  patience: number,
): Promise<readonly Finding[]> {
  const time = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Finding[]>((resolve) => {
    timer = setTimeout(() => {
      time.abort();
      resolve([lateness(subject, patience)]);
    }, patience);
  });
  try {
    const looked = look({ ...surroundings, over: time.signal });
    return await Promise.race([looked, late]);
  } catch (error) {
    return [failureOf(subject, error)];
  } finally {
    clearTimeout(timer);
  }
}

function lateness(subject: string, patience: number): Finding {
  const found = `was not looked at to its end within ${patience / 1_000} s`;
  return wrong(subject, found, "Run the command again; if it stays so, see what does not answer.");
}

function failureOf(subject: string, error: unknown): Finding {
  return error instanceof UnreachedError
    ? unknown(subject, "not known, as the cluster was not reached")
    : wrong(subject, shownWords(firstLine(error)), "Mend that, and run the command again.");
}
