import { guarantees } from "#policy/guarantees/index";
import { type JudgedResource } from "#policy/judgedResource";
import { judgedStack } from "#policy/judgedStack";
import { settingsOf } from "#policy/settings";
import { type BudgetFigure, measureBudget } from "./budgets";

const resourceCount = 1_000;
const origin = { stack: "review-login", project: "review" };

/** What the figure is about. */
export const policyPackHeading = `Policy pack, ${resourceCount} resources and ${guarantees.length} policies`;

/** Measures how long all policies take to judge a stack of workloads, alone and together. */
export function measurePolicyPack(rounds: number): readonly BudgetFigure[] {
  const resources = Array.from({ length: resourceCount }, (_, index) => resourceOf(index));
  return [
    measureBudget("each resource, and the stack as a whole", 1, rounds, () => judgeAll(resources)),
  ];
}

/** As the pack does: each policy about stacks relates the resources anew. */
function judgeAll(resources: readonly JudgedResource[]): number {
  const findings = guarantees.map((guarantee) => {
    const settings = settingsOf(guarantee.settings, {});
    return "judge" in guarantee
      ? resources.map((resource) => guarantee.judge(resource, settings).length)
      : [guarantee.judgeStack(judgedStack(resources), settings).length];
  });
  return findings.flat().reduce((sum, count) => sum + count, 0);
}

function resourceOf(index: number): JudgedResource {
  const kinds = ["ConfigMap", "Service", "Pod", "Deployment"] as const;
  const kind = kinds[index % kinds.length] ?? "ConfigMap";
  const apiVersion = kind === "Deployment" ? "apps/v1" : "v1";
  const type = `kubernetes:${kind === "Deployment" ? "apps/v1" : "core/v1"}:${kind}`;
  const name = `${kind.toLowerCase()}-${index}`;
  const metadata = { name, namespace: "review-login", labels: { app: name } };
  return {
    ...origin,
    urn: `urn:pulumi:review-login::review::${type}::${name}`,
    type,
    name,
    properties: { apiVersion, kind, metadata, ...contentOf(kind, name) },
    parent: "",
    dependencies: [],
    propertyDependencies: {},
    provider: { type: "pulumi:providers:kubernetes", properties: {} },
    ignoreChanges: [],
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
