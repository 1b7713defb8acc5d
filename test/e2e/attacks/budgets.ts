import { groupPath, patchRequest } from "../support/apiRequests";
import { type Attack, byEach, type Attempt, attemptsBy } from "./attack";
import { idle } from "./attackers";
import { newBudget } from "./guestRequests";
import { login } from "./places";
import { guardRails } from "./reasons";
import { byAccessControl } from "./refusal";

/** Budgets that keep nodes of others from being drained. */

const harm = "a node that others run on could not be drained, repaired or updated";

const rows: readonly (readonly [what: string, spec: object])[] = [
  ["that lets no pod go", { maxUnavailable: 0 }],
  ["that lets no hundredth of its pods go", { maxUnavailable: "0%" }],
  ["that keeps one pod, which may be the only one", { maxUnavailable: null, minAvailable: 1 }],
  ["that keeps all of its pods", { maxUnavailable: null, minAvailable: "100%" }],
  [
    "that keeps half of its pods, which is one of one",
    { maxUnavailable: null, minAvailable: "50%" },
  ],
  ["that says nothing", { maxUnavailable: null }],
];

const standing = `${groupPath(login, "policy", "poddisruptionbudgets")}/shop`;

const attempts: readonly Attempt[] = rows.map(([what, spec]) => ({
  what: `makes a disruption budget ${what}`,
  harm,
  request: newBudget(login, spec),
  refusal: guardRails.disruption,
}));

const updateAttempts: readonly Attempt[] = [
  {
    what: "has a disruption budget that is there let no pod go",
    harm,
    request: patchRequest(standing, { spec: { maxUnavailable: 0 } }),
    refusal: guardRails.disruption,
  },
];

/** By those who may write budgets, and by those who may not. */
export const budgetAttacks: readonly Attack[] = [
  ...(["deployer", "misboundAdmin", "misboundClusterAdmin"] as const).flatMap((who) => [
    ...attemptsBy(who, newBudget(login), attempts),
    ...attemptsBy(who, patchRequest(standing, { spec: { maxUnavailable: 2 } }), updateAttempts),
  ]),
  ...byEach([...idle, "developer", "debugger"], {
    what: "makes a disruption budget",
    harm,
    request: newBudget(login),
    refusal: byAccessControl,
  }),
];
