import { type Amounts, isRecord, parseQuantity } from "secure-environment/core";

/** What is bounded of a project's review environments together, beside their number. */
export const budgetedResources = ["cpu", "memory", "storage"] as const;

/** See `budgetedResources`. */
export type BudgetedResource = (typeof budgetedResources)[number];

/** How much all review environments of the project may have together; what is left out has no bound. */
export interface Budget {
  /** How many there may be. */
  readonly environments?: number;
  /** The most that their quotas may promise together, as Kubernetes writes amounts. */
  readonly amounts: Amounts;
}

const keys: readonly string[] = ["environments", ...budgetedResources];

/** What settings say of the budget, and what is wrong with it. */
export function budgetIn(value: unknown): { budget?: Budget; faults: string[] } {
  if (value === undefined) {
    return { faults: [] };
  }
  if (!isRecord(value) || Object.keys(value).length === 0) {
    return { faults: [`budget is no map with at least one of the keys ${keys.join(", ")}`] };
  }
  const { environments, ...others } = value;
  const amounts = Object.entries(others).filter(([key]) => keys.includes(key));
  const faults = [
    ...Object.keys(others)
      .filter((key) => !keys.includes(key))
      .map((key) => `budget.${key} is not known; there are ${keys.join(", ")}`),
    ...(environments === undefined || isCount(environments)
      ? []
      : [
          `budget.environments is ${JSON.stringify(environments)}: give a whole number, such as 20`,
        ]),
    ...amounts
      .filter(([, amount]) => !isAmount(amount))
      .map(
        ([key, amount]) =>
          `budget.${key} is ${JSON.stringify(amount)}: give an amount as Kubernetes has it, such as ${key === "cpu" ? "40" : "80Gi"}`,
      ),
  ];
  if (faults.length > 0) {
    return { faults };
  }
  const count = isCount(environments) ? { environments } : {};
  const texts = amounts.map(([resource, amount]) => [resource, String(amount)]);
  return { faults, budget: { ...count, amounts: Object.fromEntries(texts) as Amounts } };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Without quotes an amount is a number: `cpu: 40`. */
function isAmount(value: unknown): boolean {
  const isWritten = typeof value === "string" || typeof value === "number";
  const amount = isWritten ? parseQuantity(String(value)) : undefined;
  return amount !== undefined && amount >= 0n;
}
