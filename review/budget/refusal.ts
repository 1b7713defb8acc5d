import { hasPassed } from "secure-environment/core";
import { type BudgetedEnvironment, type Excess, inOrderOfReaping } from "./verdict";

/** What is refused, and who could make room for it. */
export interface Refused {
  readonly branch: string;
  /** What namespaces name as their project. */
  readonly project: string;
  readonly excess: readonly Excess[];
  /** All that stand beside it. */
  readonly others: readonly BudgetedEnvironment[];
  /** RFC 3339, UTC. */
  readonly now: string;
}

/** How many of those that could make room are named. */
const longestList = 10;

/** Why an environment does not come up, who could be reaped, and what to do. */
export function describeRefusal({ branch, project, excess, others, now }: Refused): string {
  return [
    `The environment of ${JSON.stringify(branch)} does not fit into the budget of the project ${project}. Nothing was done.`,
    ...excess.map(describeExcess),
    ...remedies(excess, others, now),
  ].join("\n");
}

/** A bound that was passed by an environment whose quota was not known before it stood. */
export function describePassed({ bound, limit, others, wanted = "0" }: Excess): string {
  return `The budget has ${describeBound(bound)} ${limit}, and this environment's ${wanted} beside the ${others} of the others pass it: no new one comes up.`;
}

function describeExcess({ bound, limit, others, wanted }: Excess): string {
  const taken =
    bound === "environments"
      ? `${others} ${others === "1" ? "stands" : "stand"}`
      : `the quotas of those that stand have ${others}`;
  const coming = wanted === undefined ? "nothing is left" : `${wanted} would come`;
  return `  - ${describeBound(bound)}: ${taken}, ${coming}, and the budget is ${limit}.`;
}

function describeBound(bound: Excess["bound"]): string {
  return bound === "environments" ? bound : `requests.${bound}`;
}

function remedies(
  excess: readonly Excess[],
  others: readonly BudgetedEnvironment[],
  now: string,
): readonly string[] {
  if (excess.some(({ isTooLargeAlone }) => isTooLargeAlone)) {
    return [
      "It alone is more than the budget: give it a smaller quota or raise `budget` in the settings.",
    ];
  }
  const reapable = inOrderOfReaping(others, now);
  const left = reapable.length - longestList;
  const deleted = others.filter(({ isBeingDeleted }) => isBeingDeleted).length;
  return [
    ...(deleted === 0 ? [] : [`Being deleted, and soon gone: ${deleted}. Run this again then.`]),
    ...(reapable.length === 0 ? [] : ["Those that could be reaped, in this order:"]),
    ...reapable.slice(0, longestList).map((one) => describeReapable(one, now)),
    ...(left > 0 ? [`  - and ${left} more, which \`review list\` shows.`] : []),
    "Destroy what nobody needs, have `review reap` do so, or raise `budget` in the settings.",
  ];
}

function describeReapable(
  { namespace, branch, createdAt, expiresAt }: BudgetedEnvironment,
  now: string,
): string {
  const reason =
    expiresAt !== undefined && hasPassed(expiresAt, now)
      ? `expired at ${expiresAt}`
      : `stands since ${createdAt ?? "nobody knows when"}`;
  const command =
    branch === undefined ? "" : `: \`review destroy ${JSON.stringify(branch)}\` removes it`;
  return `  - ${namespace}, ${reason}${command}.`;
}
