import { type types } from "@pulumi/kubernetes";

type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;

const everyPod = {};
const bothDirections = ["Ingress", "Egress"];

/**
 * Nothing in, nothing out, for every pod of the namespace. Network policies only ever add to what
 * is allowed, so this one is what all others are measured against. Both directions are named:
 * without the list, egress would stay open.
 * See https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies
 */
export function defaultDenySpec(): NetworkPolicySpec {
  return { podSelector: everyPod, policyTypes: bothDirections };
}

/** Every pod of the environment may talk to every other pod of the same environment. */
export function sameEnvironmentSpec(): NetworkPolicySpec {
  return {
    podSelector: everyPod,
    policyTypes: bothDirections,
    ingress: [{ from: [{ podSelector: everyPod }] }],
    egress: [{ to: [{ podSelector: everyPod }] }],
  };
}
