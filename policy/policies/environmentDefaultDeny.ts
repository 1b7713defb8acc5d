import {
  createModel,
  type DefaultDeny,
  type Direction,
  type NetworkPolicy,
  peerOpenings,
} from "secure-environment-isolation";
import { type StackFinding, type StackGuarantee } from "../policy";
import { type JudgedNamespace } from "../judgedStack";
import { type KubernetesObject } from "../kubernetesObject";
import { orComponent, wallsOf } from "../walls";

/** Network policies only add to what is allowed: closed is what all of them close. */
export const environmentDeniesByDefault: StackGuarantee<object> = {
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
  judgeStack: ({ namespaces }) => namespaces.flatMap(denyFindings),
};

/** Stands for the name, which may not be known yet: all objects here are in one namespace. */
const standIn = "environment";

function denyFindings(namespace: JudgedNamespace): StackFinding[] {
  const policies = wallsOf(namespace, "NetworkPolicy");
  const model = createModel(policies.map(placed));
  const open = (["Ingress", "Egress"] as const).flatMap((direction) => {
    const deny = model.deniesByDefault(standIn, direction);
    return deny.denies ? [] : [openFinding(namespace, direction, deny)];
  });
  return open.length === 0 ? [] : [...open, ...policies.flatMap(unknownInPolicy)];
}

function placed({ properties }: KubernetesObject): NetworkPolicy {
  return { ...properties, kind: "NetworkPolicy", metadata: { namespace: standIn } };
}

function openFinding(
  { object }: JudgedNamespace,
  direction: Direction,
  { by, escaping }: DefaultDeny,
): StackFinding {
  const way = direction === "Ingress" ? "what comes to its pods" : "what leaves its pods";
  return {
    resource: object.resource,
    fault: `does not close ${way}: ${escapeText(by.length, escaping)}`,
    remedy: `Add a NetworkPolicy with podSelector {} and policyTypes ["Ingress", "Egress"], ${orComponent}.`,
  };
}

/** Labels stay out of the text: somebody could have made them secret. */
function escapeText(policies: number, escaping: DefaultDeny["escaping"]): string {
  if (policies === 0) {
    return "no NetworkPolicy is known to do so";
  }
  if (escaping === undefined) {
    return "there are too many combinations of labels to tell whether its NetworkPolicies do so";
  }
  return Object.keys(escaping).length === 0
    ? "a pod without labels is selected by none of its NetworkPolicies"
    : "pods with certain labels are selected by none of its NetworkPolicies";
}

function unknownInPolicy(policy: KubernetesObject): StackFinding[] {
  const closing = /^spec(\.(podSelector|policyTypes)\b.*)?$/s;
  return peerOpenings(placed(policy))
    .faults.filter(({ property, isUnknown }) => isUnknown === true && closing.test(property))
    .map(({ property }) => ({
      resource: policy.resource,
      property: property.replace(/\["[\s\S]*"\]$/, ""),
      fault: "is not known before the update, so nobody can tell what it closes",
      remedy: "Give a plain value.",
    }));
}
