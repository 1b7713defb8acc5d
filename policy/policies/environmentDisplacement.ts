import { refusesPods } from "secure-environment-isolation";
import { problem } from "secure-environment/core";
import { type StackViolation, type StackPolicy } from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { orComponent, specsOf, wallsOf } from "../walls";

/** Pods of which a single one takes from others what no amount bounds. */
export const environmentCannotDisplaceOthers: StackPolicy<object> = {
  name: "environment-cannot-displace-others",
  description:
    "Quotas of zero refuse pods with a priority of the system and pods with affinity to other namespaces.",
  threat:
    "A pod evicts others by its priority, or keeps those of staging off the nodes by its affinity.",
  remediation: `Add ResourceQuotas of zero pods for the scopes PriorityClass and CrossNamespacePodAffinity, ${orComponent}.`,
  severity: "medium",
  url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes",
  isAdvisory: true,
  example: {
    bad: 'hard: { pods: "20" }',
    good: 'hard: { pods: "0" }, scopeSelector: { matchExpressions: [{ scopeName: "CrossNamespacePodAffinity", operator: "Exists" }] }',
  },
  settings: {},
  judgeStack: ({ namespaces }) => namespaces.flatMap(displacementViolations),
};

const displacingPods = [
  {
    what: "of the priority system-node-critical",
    scope: { scopeName: "PriorityClass", value: "system-node-critical" },
  },
  {
    what: "of the priority system-cluster-critical",
    scope: { scopeName: "PriorityClass", value: "system-cluster-critical" },
  },
  {
    what: "with affinity to pods of other namespaces",
    scope: { scopeName: "CrossNamespacePodAffinity" },
  },
];

function displacementViolations(namespace: JudgedNamespace): StackViolation[] {
  const specs = specsOf(wallsOf(namespace, "ResourceQuota"));
  return displacingPods
    .filter(({ scope }) => !refusesPods(specs, scope))
    .map(({ what, scope }) => {
      const fault = `has no ResourceQuota that refuses pods ${what}`;
      const remedy = `Add one of zero pods with the scope ${scope.scopeName}, ${orComponent}.`;
      return { resource: namespace.object.resource, ...problem("", fault, remedy) };
    });
}
