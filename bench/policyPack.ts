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
import { type BudgetFigure, measureBudget } from "./budgets";
import { BenchmarkError } from "./errors";

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
