import { type Amounts, formatAmount, hasPassed, parseQuantity } from "secure-environment/core";
import { type Budget, budgetedResources, type BudgetedResource } from "../settings/budget";

/** An environment that stands, in what the budget looks at. */
export interface BudgetedEnvironment {
  readonly namespace: string;
  readonly stack: string;
  readonly branch?: string;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** RFC 3339. */
  readonly expiresAt?: string;
  readonly isBeingDeleted: boolean;
  /** Whether `review reap` never removes it. */
  readonly isKept: boolean;
  /** What its quota promises, by Kubernetes' own keys; nothing where it has none yet. */
  readonly quota: Amounts;
}

/** What would come into the budget. */
export interface Candidate {
  /** Its quota; `undefined` where that is known once it stands. */
  readonly quota?: Amounts;
  /** Its quota now, if it stands. */
  readonly current?: Amounts;
}

/** A bound that would be passed, with amounts as Kubernetes writes them. */
export interface Excess {
  readonly bound: "environments" | BudgetedResource;
  readonly limit: string;
  /** What all others have. */
  readonly others: string;
  /** What would come; `undefined` where that is not known. */
  readonly wanted?: string;
  /** Whether it would be passed by this environment alone. */
  readonly isTooLargeAlone: boolean;
}

/**
 * Whether an environment has to be held against the budget: a new one has, and one that stands as far as it
 * grows.
 */
export function isBudgeted(budget: Budget, candidate: Candidate): boolean {
  return candidate.current === undefined || budgetedResources.some(isWanted(budget, candidate));
}

/**
 * The bounds that would be passed. Of an environment whose quota is not known before it stands, an amount is
 * passed where nothing is left of it.
 *
 * @param others that stand, those that are being deleted too: they have what they have until they are gone.
 */
export function excessOf(
  budget: Budget,
  candidate: Candidate,
  others: readonly BudgetedEnvironment[],
): readonly Excess[] {
  return [
    ...numberExcess(budget, candidate, others.length),
    ...budgetedResources
      .filter(isWanted(budget, candidate))
      .flatMap((resource) => amountExcess(budget, candidate, others, resource)),
  ];
}

/** Those that could make room: what has expired first, the longest ago first, then the oldest. */
export function inOrderOfReaping(
  environments: readonly BudgetedEnvironment[],
  now: string,
): readonly BudgetedEnvironment[] {
  const end = ({ expiresAt }: BudgetedEnvironment) =>
    expiresAt !== undefined && hasPassed(expiresAt, now) ? Date.parse(expiresAt) : Infinity;
  const age = ({ createdAt = now }: BudgetedEnvironment) => Date.parse(createdAt);
  return environments
    .filter(({ isBeingDeleted, isKept }) => !isBeingDeleted && !isKept)
    .sort(
      (one, other) =>
        compare(end(one), end(other)) ||
        compare(age(one), age(other)) ||
        compare(one.namespace, other.namespace),
    );
}

function isWanted(budget: Budget, { quota, current }: Candidate) {
  return (resource: BudgetedResource): boolean =>
    budget.amounts[resource] !== undefined &&
    (current === undefined ||
      (quota !== undefined && amountIn(quota, resource) > amountIn(current, resource)));
}

function numberExcess(
  { environments: limit }: Budget,
  { current }: Candidate,
  others: number,
): readonly Excess[] {
  return limit === undefined || current !== undefined || others < limit
    ? []
    : [
        {
          bound: "environments",
          limit: String(limit),
          others: String(others),
          wanted: "1",
          isTooLargeAlone: limit === 0,
        },
      ];
}

function amountExcess(
  budget: Budget,
  { quota }: Candidate,
  environments: readonly BudgetedEnvironment[],
  resource: BudgetedResource,
): readonly Excess[] {
  const written = budget.amounts[resource] ?? "0";
  const limit = parseQuantity(written) ?? 0n;
  const others = environments.reduce((sum, { quota: has }) => sum + amountIn(has, resource), 0n);
  const wanted = quota === undefined ? undefined : amountIn(quota, resource);
  const isPassed = wanted === undefined ? others >= limit : others + wanted > limit;
  const shown = (amount: bigint) => formatAmount(amount, resource);
  return isPassed
    ? [
        {
          bound: resource,
          limit: written,
          others: shown(others),
          ...(wanted === undefined ? {} : { wanted: shown(wanted) }),
          isTooLargeAlone: wanted === undefined ? limit === 0n : wanted > limit,
        },
      ]
    : [];
}

function amountIn(quota: Amounts, resource: BudgetedResource): bigint {
  return parseQuantity(quota[`requests.${resource}`] ?? "") ?? 0n;
}

function compare(one: number | string, other: number | string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
