import { join } from "node:path";

import { policies } from "#policy/policies";
import { analyzedEnvironment } from "../test/support/analyzedEnvironment";
import {
  type AnalyzedResource,
  askOfResource,
  askOfStack,
  type Diagnosis,
  resourceRequest,
  stackRequest,
} from "../test/support/policyAnalyzer";
import { type CommandRun, placeEmptyPolicyPack, policyFolder } from "./commands";
import {
  BenchmarkError,
  type BudgetFigure,
  budgetFigure,
  measureBudget,
  type Pair,
} from "./figures";
import type { RoundPlace } from "./life";

const resourceCount = 1_000;

/** What the figure is about. */
export const policyPackHeading = `Policy pack, ${resourceCount} resources and ${policies.length} policies`;

/**
 * Measures how long the pack takes to judge a walled environment full of workloads, by the policy
 * SDK's own functions and the messages that the engine sends them.
 */
export async function measurePolicyPack(rounds: number): Promise<readonly BudgetFigure[]> {
  const environment = await analyzedEnvironment({ expiresAt: "2099-01-31T18:00:00Z" });
  const workloads = Array.from({ length: resourceCount - environment.length }, (_, index) =>
    workload(index, environment),
  );
  const resources = [...environment, ...workloads];
  const requests = { each: resources.map(resourceRequest), all: stackRequest(resources) };
  return [
    await measureBudget("each resource, and the stack as a whole", 1, rounds, () =>
      judgeAll(requests),
    ),
  ];
}

interface Requests {
  readonly each: readonly ReturnType<typeof resourceRequest>[];
  readonly all: ReturnType<typeof stackRequest>;
}

/** One request after the other. Nothing is refused, so each rule looks at all that it judges. */
async function judgeAll({ each, all }: Requests): Promise<void> {
  const found: Diagnosis[] = [];
  for (const request of each) {
    found.push(...(await askOfResource(policies, request)));
  }
  found.push(...(await askOfStack(policies, all)));
  if (found.length > 0) {
    const messages = found.map(({ policy, message }) => `${policy}: ${message}`);
    throw new BenchmarkError(`The policy pack has objections:\n${messages.join("\n")}`);
  }
}

/** One of the environment, by whose output it names its namespace. */
function workload(index: number, environment: readonly AnalyzedResource[]): AnalyzedResource {
  const kinds = ["ConfigMap", "Service", "Pod", "Deployment"] as const;
  const kind = kinds[index % kinds.length] ?? "ConfigMap";
  const apiVersion = kind === "Deployment" ? "apps/v1" : "v1";
  const name = `${kind.toLowerCase()}-${index}`;
  const metadata = { name, namespace: "review-login", labels: { app: name } };
  return {
    type: `kubernetes:${kind === "Deployment" ? "apps/v1" : "core/v1"}:${kind}`,
    name,
    properties: { apiVersion, kind, metadata, ...contentOf(kind, name) },
    provider: {},
    dependencies: environment,
    propertyDependencies: { metadata: environment },
  };
}

function contentOf(kind: string, name: string): object {
  const template = { metadata: { labels: { app: name } }, spec: podSpec };
  switch (kind) {
    case "Service":
      return { spec: { selector: { app: name }, ports: [{ port: 80 }] } };
    case "Pod":
      return { spec: podSpec };
    case "Deployment":
      return { spec: { selector: { matchLabels: { app: name } }, template } };
    default:
      return { data: { settings: "x".repeat(200) } };
  }
}

const podSpec = {
  automountServiceAccountToken: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
  containers: [
    {
      name: "shop",
      image: "registry.example.com/shop:1",
      resources: { requests: { cpu: "100m", memory: "128Mi" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    },
  ],
};

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
