import { type ResolvedHole } from "./holes";
import { type OpenHole, type OpenPort } from "./openHole";

/** What became of a hole. */
export interface HoleStatus {
  /** The hole's name. */
  name: string;
  /** Which way it lets traffic through: `ingress` or `egress`. */
  direction: string;
  /** Who is on the other side, as a namespace with the labels of its pods or as addresses. */
  peer: string;
  /** The ports, such as `8080/TCP` or `9000-9010/UDP`. */
  ports: string[];
  /** Why it is there. */
  reason: string;
  /** When it closes, if it does. */
  expiresAt?: string;
  /** Whether it is `open`, or `expired` and left out. */
  state: string;
}

/** What became of each hole of an environment. */
export function holeStatuses(holes: readonly ResolvedHole[]): HoleStatus[] {
  return holes.map(({ hole, state }) => ({
    name: hole.name,
    direction: hole.direction,
    peer: describePeer(hole),
    ports: hole.ports.map(describePort),
    reason: hole.reason,
    ...(hole.expiresAt === undefined ? {} : { expiresAt: hole.expiresAt }),
    state,
  }));
}

function describePeer({ podPeer, addressPeers }: OpenHole): string {
  if (podPeer === undefined) {
    return addressPeers.map(({ cidr }) => cidr).join(", ");
  }
  const labels = Object.entries(podPeer.podLabels).map(([key, value]) => `${key}=${value}`);
  return [`namespace ${podPeer.namespace}`, ...labels].join(" ");
}

function describePort({ port, endPort, protocol }: OpenPort): string {
  return `${endPort === undefined ? port : `${port}-${endPort}`}/${protocol}`;
}
