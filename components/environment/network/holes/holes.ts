import { type types } from "@pulumi/kubernetes";
import { addressPeersOf } from "./addresses";
import { hasPassed } from "../../../core/metadata";
import { namespaceOf, targetOf } from "./peers";
import { type HoleArgs, HoleDirection } from "../networkArgs";
import { type NetworkArguments } from "../networkArguments";
import { type OpenHole } from "./openHole";
import { addressPeer, atLeastOne, podPeer, podSelector } from "../networkPolicyPeers";
import { resolvePorts } from "./ports";

type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;
type NetworkPolicyPeer = types.input.networking.v1.NetworkPolicyPeer;

/** A hole with everything filled in, and whether it is made. */
export interface ResolvedHole {
  readonly hole: OpenHole;
  readonly state: "open" | "expired";
}

/** The holes with everything that was left out filled in. The arguments must have no problem. */
export function resolveHoles(args: NetworkArguments): ResolvedHole[] {
  return (args.holes ?? []).map((hole) => ({
    hole: resolveHole(hole, args),
    state: hasExpired(hole, args.now) ? "expired" : "open",
  }));
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

function resolveHole(hole: HoleArgs, args: NetworkArguments): OpenHole {
  const { name, direction, podLabels = {}, reason, expiresAt } = hole;
  return {
    name,
    direction,
    podLabels,
    ...podPeerOf(hole, args),
    addressPeers: addressPeersOf(hole, args),
    ports: resolvePorts(hole.ports),
    reason,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function podPeerOf(hole: HoleArgs, { mesh }: NetworkArguments): Pick<OpenHole, "podPeer"> {
  const namespace = targetOf(hole) === "pods" ? namespaceOf(hole) : undefined;
  if (namespace === undefined) {
    return {};
  }
  const meshed = mesh !== undefined && (hole.meshed ?? true);
  return { podPeer: { namespace, podLabels: hole.peerPodLabels ?? {}, meshed } };
}

function hasExpired({ expiresAt }: HoleArgs, now: string | undefined): boolean {
  return expiresAt !== undefined && now !== undefined && hasPassed(expiresAt, now);
}

function peersOf({ podPeer: pods, addressPeers }: OpenHole): NetworkPolicyPeer[] {
  return [
    ...(pods === undefined ? [] : [podPeer(pods.namespace, pods.podLabels)]),
    ...addressPeers.map(({ cidr, except }) => addressPeer(cidr, except)),
  ];
}
