import {
  createModel,
  type DefaultDeny,
  type Direction,
  type NetworkPolicy,
  peerOpenings,
} from "secure-environment-isolation";
import { problem } from "secure-environment/core";
import { type StackViolation, type StackPolicy } from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { type KubernetesObject } from "../kubernetesObject";
import { orComponent, wallsOf } from "../walls";

/** Network policies only add to what is allowed: closed is what all of them close. */
export const environmentDeniesByDefault: StackPolicy<object> = {
  name: "environment-denies-by-default",
  description:
    "The NetworkPolicies of every namespace of the stack close both directions for every pod that could ever be in it.",
  threat:
    "A pod that no policy selects reaches every other environment, and is reached from there.",
  remediation: `Add a NetworkPolicy with an empty podSelector and both policyTypes, ${orComponent}.`,
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
  example: {
    bad: 'spec: { podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress"] }',
    good: 'spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] }',
  },
  settings: {},
  judgeStack: ({ namespaces }) => namespaces.flatMap(denyViolations),
};

/** Stands for the name, which may not be known yet: all objects here are in one namespace. */
const standIn = "environment";

function denyViolations(namespace: JudgedNamespace): StackViolation[] {
  const networkPolicies = wallsOf(namespace, "NetworkPolicy");
  const model = createModel(networkPolicies.map(placed));
  const open = (["Ingress", "Egress"] as const).flatMap((direction) => {
    const deny = model.deniesByDefault(standIn, direction);
    return deny.denies ? [] : [openViolation(namespace, direction, deny)];
  });
  return open.length === 0 ? [] : [...open, ...networkPolicies.flatMap(unknownInNetworkPolicy)];
}

function placed({ properties }: KubernetesObject): NetworkPolicy {
  return { ...properties, kind: "NetworkPolicy", metadata: { namespace: standIn } };
}

function openViolation(
  { object }: JudgedNamespace,
  direction: Direction,
  { by, escaping }: DefaultDeny,
): StackViolation {
  const way = direction === "Ingress" ? "what comes to its pods" : "what leaves its pods";
  const fault = `does not close ${way}: ${escapeText(by.length, escaping)}`;
  const remedy = `Add a NetworkPolicy with podSelector {} and policyTypes ["Ingress", "Egress"], ${orComponent}.`;
  return { resource: object.resource, ...problem("", fault, remedy) };
}

/** Labels stay out of the text: somebody could have made them secret. */
function escapeText(count: number, escaping: DefaultDeny["escaping"]): string {
  if (count === 0) {
    return "no NetworkPolicy is known to do so";
  }
  if (escaping === undefined) {
    return "there are too many combinations of labels to tell whether its NetworkPolicies do so";
  }
  return Object.keys(escaping).length === 0
    ? "a pod without labels is selected by none of its NetworkPolicies"
    : "pods with certain labels are selected by none of its NetworkPolicies";
}

function unknownInNetworkPolicy(networkPolicy: KubernetesObject): StackViolation[] {
  const closing = /^spec(\.(podSelector|policyTypes)\b.*)?$/s;
  const fault = "is not known before the update, so nobody can tell what it closes";
  const remedy = "Give a plain value.";
  return peerOpenings(placed(networkPolicy))
    .doubts.filter(({ property, isUnknown }) => isUnknown === true && closing.test(property))
    .map(({ property }) => ({
      resource: networkPolicy.resource,
      ...problem(property.replace(/\["[\s\S]*"\]$/, ""), fault, remedy),
    }));
}
