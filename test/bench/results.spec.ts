import { expect } from "chai";
import type { RequestGate } from "../../bench/apiRequests";
import { type ApiShareRound, feltFloodOf } from "../../bench/apiShare";
import { budgetFigure, type Latencies, resultOf } from "../../bench/figures";
import { pipelineFigures } from "../../bench/life";
import { neighbourFigure } from "../../bench/neighbours";
import { allGatesHold, type Verdicts } from "../../bench/results";

const holding: Verdicts = {
  gates: [requests(true)],
  gatesApply: true,
  policyPackOverhead: budgetFigure("pack", 1.3, [1.25]),
  figures: [figure(1.2, true), figure(1.2, false)],
  feltFlood: feltFloodOf([flooded(5, 10)]),
  neighbours: [neighbour(5, 0.5), neighbour(20)],
};

describe("the benchmarks", () => {
  const succeeding: Readonly<Record<string, Partial<Verdicts>>> = {
    "every gate holds": {},
    "a figure that is no gate misses its aim": { figures: [figure(1.3, false)] },
    "requests are more with a provider that they were not counted for": {
      gates: [requests(false)],
      gatesApply: false,
    },
    "CPU seconds cannot be counted": { policyPackOverhead: undefined },
    "most floods are felt less": {
      feltFlood: feltFloodOf([flooded(1, 10), flooded(4, 10), flooded(9, 10)]),
    },
  };
  for (const [when, verdicts] of Object.entries(succeeding)) {
    it(`succeed when ${when}`, () => {
      expect(allGatesHold({ ...holding, ...verdicts })).to.equal(true);
    });
  }

  const failing: Readonly<Record<string, Partial<Verdicts>>> = {
    "requests are more": { gates: [requests(true), requests(false)] },
    "the policy pack takes longer": { policyPackOverhead: budgetFigure("pack", 1.3, [1.5]) },
    "a figure that is a gate misses its aim": { figures: [figure(1, true), figure(1.21, true)] },
    "up takes a pipeline longer": { figures: pipelineLives({ up: 1.3, destroy: 1 }) },
    "destroy takes a pipeline longer": { figures: pipelineLives({ up: 1, destroy: 1.3 }) },
    "another project feels a flood more than it may": { neighbours: [neighbour(6, 0.5)] },
    "a flood is felt more than by half": { feltFlood: feltFloodOf([flooded(5.1, 10)]) },
  };
  for (const [when, verdicts] of Object.entries(failing)) {
    it(`fail when ${when}`, () => {
      expect(allGatesHold({ ...holding, ...verdicts })).to.equal(false);
    });
  }
});

function requests(holds: boolean): RequestGate {
  return { operation: "up", counts: [1], limit: 1, holds, breakdown: [] };
}

function figure(ratio: number, isGate: boolean) {
  const aim = { of: "ratio", atMost: 1.2, isGate } as const;
  const pairs = [{ numerator: ratio, denominator: 1 }];
  return resultOf({ name: "up", numerator: "one", denominator: "other", aim, pairs });
}

/** Lives that took a pipeline so many times what they took an administrator. */
function pipelineLives({ up, destroy }: { readonly up: number; readonly destroy: number }) {
  const pair = (numerator: number) => ({ numerator, denominator: 1 });
  return pipelineFigures([{ up: pair(up), destroy: pair(destroy) }]).map(resultOf);
}

/** What another project notices of a flood that takes 10 milliseconds without the platform. */
function neighbour(p95: number, limit?: number) {
  const latencies = { median: 1, count: 1 };
  return neighbourFigure("flood", { ...latencies, p95 }, { ...latencies, p95: 10 }, limit);
}

/** A round in which 95 of 100 requests took this long at most, with and without the platform. */
function flooded(bounded: number, unbounded: number): ApiShareRound {
  const latencies = (p95: number): Latencies => ({ median: 1, p95, count: 1 });
  const flood = { answers: {}, bytes: 0 };
  return {
    quiet: latencies(1),
    bounded: { latencies: latencies(bounded), flood },
    unbounded: { latencies: latencies(unbounded), flood },
  };
}
