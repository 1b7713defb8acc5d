import { type Spread, spreadOf } from "./ratios";

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

/** Measures some rounds, after one to warm up. */
export async function measureBudget(
  name: string,
  budget: number,
  rounds: number,
  run: () => unknown,
): Promise<BudgetFigure> {
  await run();
  const measured: number[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push(await secondsOf(run));
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
  const { median, minimum, maximum } = seconds;
  const times = [median, minimum, maximum].map((time) => time.toFixed(3));
  const verdict = holds ? "holds" : "OVER BUDGET";
  return `  ${times[0]} (${times[1]} – ${times[2]}) s, budget ${budget} s ${verdict}: ${name}`;
}

async function secondsOf(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1_000;
}
