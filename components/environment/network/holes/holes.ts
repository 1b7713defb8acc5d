import { type types } from "@pulumi/kubernetes";
import { HoleDirection } from "../networkArgs";
import { type OpenHole } from "./openHole";
import { addressPeer, atLeastOne, podPeer, podSelector } from "../networkPolicyPeers";

type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;
type NetworkPolicyPeer = types.input.networking.v1.NetworkPolicyPeer;

/** A hole with everything filled in, and whether it is made. */
export interface ResolvedHole {
  readonly hole: OpenHole;
  readonly state: "open" | "expired";
}

/** The holes that are made: those that have not expired. */
export function openHoles(holes: readonly ResolvedHole[]): OpenHole[] {
  return holes.filter(({ state }) => state === "open").map(({ hole }) => hole);
}

/**
 * The specification of a hole's NetworkPolicy. It says nothing about the other direction.
 *
 * @throws RangeError when the hole has no peer or no port.
 */
export function holePolicySpec(hole: OpenHole): NetworkPolicySpec {
  const selector = podSelector(hole.podLabels);
  const peers = atLeastOne(peersOf(hole), "peers");
  const ports = atLeastOne(hole.ports, "ports").map((port) => ({ ...port }));
  return hole.direction === HoleDirection.Ingress
    ? { podSelector: selector, policyTypes: ["Ingress"], ingress: [{ from: peers, ports }] }
    : { podSelector: selector, policyTypes: ["Egress"], egress: [{ to: peers, ports }] };
}

function peersOf({ podPeer: pods, addressPeers }: OpenHole): NetworkPolicyPeer[] {
  return [
    ...(pods === undefined ? [] : [podPeer(pods.namespace, pods.podLabels)]),
    ...addressPeers.map(({ cidr, except }) => addressPeer(cidr, except)),
  ];
}
