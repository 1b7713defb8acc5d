import { problem, unreadable } from "secure-environment/core";
import { isOfKind } from "../kinds";
import { unknownViolation } from "../fields";
import { type StackViolation, type StackPolicy } from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { orComponent } from "../walls";

/** Pods that name no service account get the one that Kubernetes makes, with its token. */
export const environmentGivesNoTokens: StackPolicy<object> = {
  name: "environment-gives-no-tokens",
  description:
    "The service account `default` of every namespace of the stack gives pods no token for the API server.",
  threat:
    "Whoever breaks into any pod that says nothing of tokens asks the API server in the cluster's name.",
  remediation: `Add a ServiceAccountPatch of \`default\` with \`automountServiceAccountToken: false\`, ${orComponent}.`,
  severity: "medium",
  url: "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
  example: {
    bad: 'new k8s.core.v1.Namespace("x", { metadata: { name: "review-x" } })',
    good: 'new k8s.core.v1.ServiceAccountPatch("x", { metadata: { name: "default", namespace: "review-x" }, automountServiceAccountToken: false })',
  },
  settings: {},
  judgeStack: ({ namespaces }) => namespaces.flatMap(defaultAccountViolations),
};

const property = "automountServiceAccountToken";

function defaultAccountViolations({ object, inside }: JudgedNamespace): StackViolation[] {
  const accounts = inside.filter(
    (other) => isOfKind(other, { "": ["ServiceAccount"] }) && other.name === "default",
  );
  if (accounts.some(({ properties }) => properties[property] === false)) {
    return [];
  }
  const fault = "has a service account `default` that gives pods a token for the API server";
  const remedy = `Add a ServiceAccountPatch of \`default\` with ${property} false, ${orComponent}.`;
  return [
    { resource: object.resource, ...problem("", fault, remedy) },
    ...accounts
      .filter(({ properties }) => properties[property] === unreadable)
      .map(({ resource }) => ({ resource, ...unknownViolation(property) })),
  ];
}
