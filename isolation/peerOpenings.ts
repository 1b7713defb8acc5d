import type { Doubt } from "./doubts";
import type { NetworkPolicy } from "./objects";
import type { Peer } from "./peers";
import { type Direction, readPolicy, type Rule } from "./policies";

/** What one peer of a policy's rule opens, independent of the pods that exist. */
export interface PeerOpening extends Pick<Rule, "ports" | "portsProperty" | "namesPorts"> {
  readonly direction: Direction;
  readonly peer: Peer;
}

/** What a policy opens, peer by peer, and what in it cannot be relied on. */
export function peerOpenings(policy: NetworkPolicy): {
  readonly openings: readonly PeerOpening[];
  readonly doubts: readonly Doubt[];
} {
  const doubts: Doubt[] = [];
  const { sides } = readPolicy(policy, doubts);
  const openings = (["Ingress", "Egress"] as const).flatMap((direction) =>
    sides[direction].rules.flatMap(({ peers, ports, portsProperty, namesPorts }) =>
      peers.map((peer) => ({ direction, peer, ports, portsProperty, namesPorts })),
    ),
  );
  return { openings, doubts };
}
