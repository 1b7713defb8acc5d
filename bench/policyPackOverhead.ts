import { join } from "node:path";

import { type BudgetFigure, budgetFigure } from "./budgets";
import type { CommandRun } from "./commands";
import { placeEmptyPolicyPack, policyFolder } from "./programs";
import type { Pair } from "./ratios";
import type { RoundPlace } from "./rounds";

const judges = ["policyPack", "emptyPack", "nobody"] as const;
type Judge = (typeof judges)[number];

/** The same `up` of the environment, by who judges it; as many runs of each. */
export type JudgedUps = Readonly<Record<Judge, readonly CommandRun[]>>;

/** What the figures are about. */
export const policyPackOverheadHeading =
  "CPU seconds that the policy pack adds to an up of the environment, on a fresh stack";

/** Brings the environment up, each time judged another way. It stays until the sandbox ends. */
export async function measureJudgedUps(
  rounds: number,
  { commands, environmentProgram }: RoundPlace,
  folder: string,
): Promise<JudgedUps> {
  const flags: Readonly<Record<Judge, readonly string[]>> = {
    policyPack: ["--policy-pack", policyFolder],
    emptyPack: ["--policy-pack", placeEmptyPolicyPack(join(folder, "empty-policy-pack"))],
    nobody: [],
  };
  const up = async (judge: Judge, round: number): Promise<CommandRun> => {
    const stack = `review-${judge.toLowerCase()}-${round}`;
    await commands.pulumi(environmentProgram, "stack", "init", "--no-select", stack);
    const args = ["up", "--yes", "--skip-preview", "--stack", stack, ...flags[judge]];
    return commands.pulumi(environmentProgram, ...args);
  };
  const ups: Record<Judge, CommandRun[]> = { policyPack: [], emptyPack: [], nobody: [] };
  for (let round = 0; round < rounds; round++) {
    for (const judge of inTurns(judges, round)) {
      ups[judge].push(await up(judge, round));
    }
  }
  return ups;
}

/** The CPU seconds of an `up` with the policy pack beside those of another one of the same round. */
export function pairsOf({ policyPack, ...others }: JudgedUps, judge: keyof typeof others): Pair[] {
  return policyPack.map(({ cpuSeconds }, round) => ({
    numerator: cpuSeconds,
    denominator: others[judge][round]?.cpuSeconds ?? NaN,
  }));
}

/** What the pack's own work adds: any pack at all takes about a second to start. */
export function policyPackOverhead(ups: JudgedUps): BudgetFigure {
  const added = pairsOf(ups, "emptyPack").map(
    ({ numerator, denominator }) => numerator - denominator,
  );
  return budgetFigure("beside an up with a pack of no policies", 1.3, added);
}

/** In each round another one comes first: whatever the first one finds then weighs on all alike. */
function inTurns<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
