import type { ApiShareRound } from "./apiShare";
import type { FeltFlood } from "./feltFlood";
import type { Latencies } from "./latencies";
import { ratiosOf, type Spread, spreadOf } from "./ratios";

/** What an ordinary user notices of floods, for people. */
export function renderApiShare(
  rounds: readonly ApiShareRound[],
  { ratio: felt, limit, holds }: FeltFlood,
): string[] {
  const quiet = ({ quiet: latencies }: ApiShareRound) => latencies;
  const unbounded = ({ unbounded: { latencies } }: ApiShareRound) => latencies;
  const bounded = ({ bounded: { latencies } }: ApiShareRound) => latencies;
  const ratio = (one: Choice, other: Choice) =>
    ratiosOf(rounds.map((round) => ({ numerator: one(round).p95, denominator: other(round).p95 })));
  return [
    "Milliseconds in which an ordinary user of the cluster is answered: median (least – most)",
    ...renderLatencies("while no environment asks for anything", rounds.map(quiet)),
    ...renderLatencies("while an environment floods, without the platform", rounds.map(unbounded)),
    ...renderLatencies("while an environment floods, with the platform", rounds.map(bounded)),
    `  p95, flood without the platform ÷ no flood: ${spread(ratio(unbounded, quiet))}`,
    `  p95, flood with the platform ÷ no flood: ${spread(ratio(bounded, quiet))}`,
    `  p95, flood with ÷ without the platform: ${spread(felt)}, ` +
      `limit ${limit} ${holds ? "holds" : "GATE FAILED"}`,
  ];
}

type Choice = (round: ApiShareRound) => Latencies;

function renderLatencies(when: string, latencies: readonly Latencies[]): string[] {
  const median = spread(spreadOf(latencies.map(({ median: p50 }) => p50)));
  const p95 = spread(spreadOf(latencies.map((each) => each.p95)));
  return [`  p50 ${median}, p95 ${p95}  ${when}`];
}

function spread({ median, minimum, maximum }: Spread): string {
  return `${median.toFixed(2)} (${minimum.toFixed(2)} – ${maximum.toFixed(2)})`;
}
