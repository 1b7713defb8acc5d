import { join } from "node:path";
import { promisify } from "node:util";
import type { Policies } from "@pulumi/policy";
import type { AnalyzeResponse } from "@pulumi/pulumi/proto/analyzer_pb";

import { readMessagesOnce } from "#policy/messages";
import { pulumiPolicies } from "#policy/pulumiPolicies";
import { type CommandRun, placeEmptyPolicyPack, policyFolder } from "./commands";
import {
  BenchmarkError,
  type BudgetFigure,
  budgetFigure,
  measureBudget,
  type Pair,
} from "./figures";
import type { RoundPlace } from "./life";
import { type PolicyRequests, policyRequests } from "./policyRequests";

const resourceCount = 1_000;

/** What the figure is about. */
export const policyPackHeading = `Policy pack, ${resourceCount} resources and ${pulumiPolicies.length} policies`;

/**
 * Measures how long the pack takes to judge a walled environment full of workloads, by the policy
 * SDK's own functions and the messages that the engine sends them.
 */
export async function measurePolicyPack(rounds: number): Promise<readonly BudgetFigure[]> {
  readMessagesOnce();
  const requests = await policyRequests(resourceCount);
  return [
    await measureBudget("each resource, and the stack as a whole", 1, rounds, () =>
      judgeAll(requests),
    ),
  ];
}

/** One request after the other. Nothing is refused, so each rule looks at all that it judges. */
async function judgeAll({ each, all }: PolicyRequests): Promise<void> {
  const responses: AnalyzeResponse[] = [];
  for (const request of each) {
    responses.push(await analyze(request));
  }
  responses.push(await analyzeStack(all));
  const found = responses.flatMap((response) => response.getDiagnosticsList());
  if (found.length > 0) {
    const messages = found.map((one) => `${one.getPolicyname()}: ${one.getMessage()}`);
    throw new BenchmarkError(`The policy pack has objections:\n${messages.join("\n")}`);
  }
}

type Answer = (
  call: { readonly request: unknown },
  callback: (error: unknown, response: AnalyzeResponse) => void,
) => Promise<void>;
type MakeAnswer = (pack: string, version: string, level: string, policies: Policies) => Answer;

// eslint-disable-next-line @typescript-eslint/no-require-imports -- these functions have no types
const server = require("@pulumi/policy/server") as {
  readonly makeAnalyzeRpcFun: MakeAnswer;
  readonly makeAnalyzeStackRpcFun: MakeAnswer;
};
const analyze = answersOf(server.makeAnalyzeRpcFun);
const analyzeStack = answersOf(server.makeAnalyzeStackRpcFun);

function answersOf(make: MakeAnswer): (request: unknown) => Promise<AnalyzeResponse> {
  const answer = make("secure-environment", "0.1.0", "advisory", pulumiPolicies);
  return promisify(
    (request: unknown, callback: Parameters<Answer>[1]) => void answer({ request }, callback),
  );
}

const judges = ["policyPack", "emptyPack", "noPack"] as const;
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
    noPack: [],
  };
  const up = async (judge: Judge, round: number): Promise<CommandRun> => {
    const stack = `review-${judge.toLowerCase()}-${round}`;
    await commands.pulumi(environmentProgram, "stack", "init", "--no-select", stack);
    const args = ["up", "--yes", "--skip-preview", "--stack", stack, ...flags[judge]];
    return commands.pulumi(environmentProgram, ...args);
  };
  const ups: Record<Judge, CommandRun[]> = { policyPack: [], emptyPack: [], noPack: [] };
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

/** In each round another one comes first: what the first one finds then weighs on all alike. */
function inTurns<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
