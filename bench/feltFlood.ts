import type { ApiShareRound } from "./apiShare";
import { ratiosOf, type Spread } from "./ratios";

/** What an ordinary user notices of a flood with the platform, beside a flood without it. */
export interface FeltFlood {
  /** Of the times in which 95 of 100 requests are answered. */
  readonly ratio: Spread;
  readonly limit: number;
  readonly holds: boolean;
}

/** At most this part of a flood without the platform is felt with it. */
const limit = 0.5;

/** Works out the medians, which are held against the limit. */
export function feltFloodOf(rounds: readonly ApiShareRound[]): FeltFlood {
  const ratio = ratiosOf(
    rounds.map(({ bounded, unbounded }) => ({
      numerator: bounded.latencies.p95,
      denominator: unbounded.latencies.p95,
    })),
  );
  return { ratio, limit, holds: ratio.median <= limit };
}
