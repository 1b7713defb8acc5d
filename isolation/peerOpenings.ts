import type { Problem } from "./problems";
import type { NetworkPolicy } from "./objects";
import type { Peer } from "./peers";
import { type Direction, readPolicy } from "./policies";
import type { PolicyPort } from "./ports";

/** What one peer of a policy's rule opens, independent of the pods that exist. */
export interface PeerOpening {
  readonly direction: Direction;
  readonly peer: Peer;
  readonly ports: readonly PolicyPort[];
}

/** What a policy opens, peer by peer, and what in it cannot be relied on. */
export function peerOpenings(policy: NetworkPolicy): {
  readonly openings: readonly PeerOpening[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const { sides } = readPolicy(policy, problems);
  const openings = (["Ingress", "Egress"] as const).flatMap((direction) =>
    sides[direction].rules.flatMap(({ peers, ports }) =>
      peers.map((peer) => ({ direction, peer, ports })),
    ),
  );
  return { openings, problems };
}
