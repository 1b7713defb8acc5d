import { type Pair, ratiosOf, type Spread, spreadOf } from "./ratios";

/** What a figure should be. */
export interface Aim {
  readonly of: "ratio" | "numerator";
  readonly atMost: number;
  /** Whether a run fails that misses it; else it is told, and people judge it. Defaults to false. */
  readonly isGate?: boolean;
}

/** One thing measured beside another one. */
export interface Figure {
  readonly name: string;
  readonly numerator: string;
  readonly denominator: string;
  readonly aim: Aim;
  readonly pairs: readonly Pair[];
}

/** A figure with what follows from its pairs. */
export interface FigureResult extends Figure {
  readonly ratio: Spread;
  readonly numeratorSeconds: Spread;
  readonly denominatorSeconds: Spread;
  readonly aimMet: boolean;
}

/** Works out a figure's medians; the median is what is held against the aim. */
export function resultOf(figure: Figure): FigureResult {
  const ratio = ratiosOf(figure.pairs);
  const numeratorSeconds = spreadOf(figure.pairs.map(({ numerator }) => numerator));
  const denominatorSeconds = spreadOf(figure.pairs.map(({ denominator }) => denominator));
  const judged = figure.aim.of === "ratio" ? ratio : numeratorSeconds;
  return {
    ...figure,
    ratio,
    numeratorSeconds,
    denominatorSeconds,
    aimMet: judged.median <= figure.aim.atMost,
  };
}
