import { environmentDeniesByDefault } from "#policy/policies/environmentDefaultDeny";
import { environmentHasQuota } from "#policy/policies/environmentQuota";
import { describePolicy } from "./support/policyCases";
import { type AnalyzedResource } from "./support/policyAnalyzer";
import { resourceOf } from "./support/policyResources";

const own = resourceOf("core/v1:Namespace", { metadata: { name: "review-x" } }, { name: "env" });

function inside(type: string, spec: unknown, name = "wall"): AnalyzedResource {
  return resourceOf(type, { metadata: { name, namespace: "review-x" }, spec }, { name });
}

const networkPolicies = (...selectors: readonly unknown[]) =>
  selectors.map((podSelector, index) =>
    inside(
      "networking.k8s.io/v1:NetworkPolicy",
      { podSelector, policyTypes: ["Ingress", "Egress"] },
      `policy-${index}`,
    ),
  );

describePolicy(environmentHasQuota, [
  {
    it: "takes no object of another kind for a quota",
    resources: [own, inside("core/v1:LimitRange", { hard: { pods: "1" } })],
    settings: { requiredKeys: ["pods"] },
    finds: ["Namespace env has no ResourceQuota. Add"],
  },
]);

/** Every pod has both labels, one of them or none: together these select all, in many steps. */
const presence = ["Exists", "DoesNotExist"];
const everyPod = presence.flatMap((one) =>
  presence.map((other) => ({
    matchExpressions: [
      { key: "p", operator: one },
      { key: "p", operator: one },
      { key: "q", operator: other },
    ],
  })),
);
const manyPods = Array.from({ length: 20 }, (_, index) => ({
  matchLabels: { [`x${index}`]: "1", [`y${index}`]: "1" },
}));

describePolicy(environmentDeniesByDefault, [
  {
    it: "refuses what it cannot tell within reasonable time",
    resources: [own, ...networkPolicies(...manyPods, ...everyPod)],
    finds: Array<string>(2).fill("there are too many combinations of labels to tell whether"),
  },
  {
    it: "says of no wrong value that it is not known",
    resources: [own, ...networkPolicies("everything")],
    finds: Array<string>(2).fill("Namespace env does not close"),
  },
]);
