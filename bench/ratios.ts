/** Two measurements that were made right after one another, so that both saw the same machine. */
export interface Pair {
  readonly numerator: number;
  readonly denominator: number;
}

/** The middle of several measurements, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** @throws RangeError when there is no value. */
export function spreadOf(values: readonly number[]): Spread {
  const ordered = values.toSorted((one, other) => one - other);
  const [minimum, maximum] = [ordered[0], ordered.at(-1)];
  if (minimum === undefined || maximum === undefined) {
    throw new RangeError("There is nothing to take the median of.");
  }
  return { median: medianOf(ordered), minimum, maximum };
}

/** The spread of the ratios of each pair; not the ratio of the medians, which mixes moments. */
export function ratiosOf(pairs: readonly Pair[]): Spread {
  return spreadOf(pairs.map(({ numerator, denominator }) => numerator / denominator));
}

/**
 * Takes two measurements one after the other, in turns the one or the other first: whatever the
 * first one leaves behind for the second one then weighs on both alike.
 */
export async function measurePair<Numerator, Denominator>(
  round: number,
  numerator: () => Promise<Numerator>,
  denominator: () => Promise<Denominator>,
): Promise<{ readonly numerator: Numerator; readonly denominator: Denominator }> {
  if (round % 2 === 0) {
    return { numerator: await numerator(), denominator: await denominator() };
  }
  const second = await denominator();
  return { numerator: await numerator(), denominator: second };
}

function medianOf(ordered: readonly number[]): number {
  const upper = Math.floor(ordered.length / 2);
  const lower = Math.ceil(ordered.length / 2) - 1;
  return ((ordered[lower] ?? NaN) + (ordered[upper] ?? NaN)) / 2;
}
