import { disruptionBudgetsAllowDisruptions } from "#policy/policies/disruptionBudgets";
import { type AnalyzedResource, unknownText } from "./support/policyAnalyzer";
import { describePolicy } from "./support/policyCases";

type Properties = Readonly<Record<string, unknown>>;

const metadata = { name: "shop", namespace: "review-login" };
const selector = { matchLabels: { app: "shop" } };

function object(type: string, properties: Properties): AnalyzedResource {
  return { type: `kubernetes:${type}`, name: "shop", properties, provider: {} };
}

function budget(spec: Properties, kind = "PodDisruptionBudget"): AnalyzedResource {
  return object(`policy/v1:${kind}`, { metadata, spec: { selector, ...spec } });
}

describePolicy(disruptionBudgetsAllowDisruptions, [
  {
    it: "passes budgets that let a pod go",
    resources: [1, 5, "1%", "10%", "100%"].map((maxUnavailable) => budget({ maxUnavailable })),
  },
  {
    it: "passes other objects, and what is left out by --target",
    resources: [
      object("core/v1:ConfigMap", { metadata, spec: { minAvailable: 1 } }),
      object("policy/v1:PodDisruptionBudget", {}),
    ],
  },
  {
    it: "passes patches that leave the amount as it is",
    resources: budget({}, "PodDisruptionBudgetPatch"),
  },
  {
    it: "refuses amounts that let no pod go",
    resources: [0, "0%", "00%", -1].map((maxUnavailable) => budget({ maxUnavailable })),
    finds: Array.from({ length: 4 }, () => "spec.maxUnavailable lets no pod go"),
  },
  {
    it: "refuses budgets that say nothing",
    resources: [budget({}), object("policy/v1:PodDisruptionBudget", { metadata })],
    finds: Array.from({ length: 2 }, () => "spec.maxUnavailable is missing, so no pod goes"),
  },
  {
    it: "refuses amounts of pods that stay, in percent as well",
    resources: [1, "50%", 0].map((minAvailable) => budget({ minAvailable })),
    finds: Array.from({ length: 3 }, () => "spec.minAvailable keeps nodes from being drained"),
  },
  {
    it: "refuses what is not known yet",
    resources: [budget({ maxUnavailable: unknownText }), budget({ minAvailable: unknownText })],
    finds: [
      "spec.maxUnavailable is not known before the update",
      "spec.minAvailable is not known before the update",
    ],
  },
]);
