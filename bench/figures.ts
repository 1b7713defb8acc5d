/** A measurement could not be made. Its message says why. */
export class BenchmarkError extends Error {
  override readonly name = "BenchmarkError";
}

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

/** A spread for people: median (least – most). */
export function renderSpread({ median, minimum, maximum }: Spread, digits = 2): string {
  const [middle, least, most] = [median, minimum, maximum].map((value) => value.toFixed(digits));
  return `${middle} (${least} – ${most})`;
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
 * Takes two measurements one after the other, in turns the one or the other first: what the
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

/**
 * One thing that takes time, and how long it may take. Budgets are a multiple of what it takes, so a
 * run fails only when the work has grown another way.
 */
export interface BudgetFigure {
  readonly name: string;
  readonly seconds: Spread;
  readonly budget: number;
  readonly holds: boolean;
}

/** Measures some rounds, after one to warm up. What is prepared for each is no part of its time. */
export async function measureBudget<Prepared>(
  name: string,
  budget: number,
  rounds: number,
  prepare: () => Prepared,
  run: (prepared: Prepared) => unknown,
): Promise<BudgetFigure> {
  await run(prepare());
  const measured: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const prepared = prepare();
    measured.push(await secondsOf(() => run(prepared)));
  }
  return budgetFigure(name, budget, measured);
}

/** What was measured, held against its budget. */
export function budgetFigure(
  name: string,
  budget: number,
  measured: readonly number[],
): BudgetFigure {
  const seconds = spreadOf(measured);
  return { name, seconds, budget, holds: seconds.median <= budget };
}

/** The figures for people, below a heading. */
export function renderBudgets(heading: string, figures: readonly BudgetFigure[]): string {
  return [heading, ...figures.map(renderBudget)].join("\n");
}

function renderBudget({ name, seconds, budget, holds }: BudgetFigure): string {
  const verdict = holds ? "holds" : "OVER BUDGET";
  return `  ${renderSpread(seconds, 3)} s, budget ${budget} s ${verdict}: ${name}`;
}

async function secondsOf(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1_000;
}

/** How long answers took, in milliseconds. */
export interface Latencies {
  readonly median: number;
  /** 95 of 100 answers came within this time. */
  readonly p95: number;
  readonly count: number;
}

/** @throws RangeError when there is no value. */
export function latenciesOf(milliseconds: readonly number[]): Latencies {
  const ordered = milliseconds.toSorted((one, other) => one - other);
  return { median: percentile(ordered, 50), p95: percentile(ordered, 95), count: ordered.length };
}

/** Sends requests one after the other for some time, at least one, and says how long each took. */
export async function measureLatencies(
  milliseconds: number,
  send: (index: number) => Promise<void>,
): Promise<Latencies> {
  const latencies: number[] = [];
  const end = performance.now() + milliseconds;
  do {
    const start = performance.now();
    await send(latencies.length);
    latencies.push(performance.now() - start);
  } while (performance.now() < end);
  return latenciesOf(latencies);
}

/** The nearest rank: the least value that so many percent of the values do not exceed. */
function percentile(ordered: readonly number[], percent: number): number {
  const value = ordered[Math.ceil((percent / 100) * ordered.length) - 1];
  if (value === undefined) {
    throw new RangeError("There is nothing to take a percentile of.");
  }
  return value;
}
