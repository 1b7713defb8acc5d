import {
  type Doubt,
  namespaceChoice,
  type Peer,
  type PeerOpening,
} from "secure-environment-isolation";
import {
  type AddressRange,
  fewAddresses,
  isWithin,
  merge,
  metadataAddresses,
  namedRanges,
  privateAddresses,
  problem,
  problemUnless,
  shortestLength,
} from "secure-environment/core";
import { type Violation, type ResourcePolicy } from "../policy";
import {
  cidrList,
  judgeNetworkPolicy,
  listed,
  overlapsOf,
  protectedCidrs,
  sizeOf,
} from "../openings";

interface PeerSettings {
  readonly clusterCidrs: readonly string[];
  readonly protectedCidrs: readonly string[];
}

/** An opening that names nobody is open to everybody. */
export const networkPoliciesNameTheirPeers: ResourcePolicy<PeerSettings> = {
  name: "network-policies-name-their-peers",
  description:
    "Every rule of a NetworkPolicy names who is on the other side: namespaces by their names, or ranges of addresses that somebody owns.",
  threat:
    "A rule without peers, an empty selector, a label that anybody can set or 0.0.0.0/0 opens the environment to every other one.",
  remediation:
    "Select namespaces by the label kubernetes.io/metadata.name, and give ranges of addresses as narrow as their owner has them.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",
  example: {
    bad: "ingress: [{ from: [{ namespaceSelector: {} }], ports }]",
    good: 'ingress: [{ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } }], ports }]',
  },
  settings: {
    clusterCidrs: cidrList(
      "Ranges of the cluster's pods, Services and nodes. Without them, whole private ranges count as the cluster's.",
    ),
    protectedCidrs,
  },
  judge: (resource, settings) =>
    judgeNetworkPolicy(resource, settings, ({ openings, doubts }) => [
      ...doubts.map(doubtViolation),
      ...openings.flatMap((opening) => peerViolations(opening, doubts)),
      ...addressViolations(openings, settings),
    ]),
};

/** The keys of labels, which somebody could have made secret, are left out. */
function doubtViolation({ property, fault, isUnknown }: Doubt): Violation {
  const place = property.replace(/\["[\s\S]*"\]$/, "");
  const unknownFault = "is not known before the update, so nobody can tell whom it opens";
  const remedy = "Give a plain value, as the documentation of Kubernetes describes it.";
  return problem(place, isUnknown === true ? unknownFault : fault, remedy);
}

function peerViolations({ direction, peer }: PeerOpening, doubts: readonly Doubt[]): Violation[] {
  switch (peer.kind) {
    case "everyone": {
      const isTold = doubts.some(({ property }) => property.startsWith(peer.property));
      const fault = `is missing or empty, so it opens the pods ${toOrFrom(direction)} everyone`;
      const remedy = "List the peers; without a rule nobody is let through.";
      return problemUnless(isTold, peer.property, fault, remedy);
    }
    case "addresses":
      return [];
    case "pods":
      return choiceViolations(peer);
  }
}

function toOrFrom(direction: PeerOpening["direction"]): string {
  return direction === "Ingress" ? "to" : "towards";
}

const forgeableFault = "goes by labels that whoever makes a namespace may give it";
const nameRemedy =
  "Select namespaces by the label kubernetes.io/metadata.name, which nobody can forge.";

function choiceViolations({ property, namespaces }: Extract<Peer, { kind: "pods" }>): Violation[] {
  if (namespaces === undefined || (namespaces.isDoubtful && namespaces.requirements.length === 0)) {
    return [];
  }
  const place = `${property}.namespaceSelector`;
  switch (namespaceChoice(namespaces).by) {
    case "names":
      return [];
    case "labels":
      return [problem(place, forgeableFault, nameRemedy)];
    case "nothing": {
      const fault =
        namespaces.requirements.length === 0
          ? "is empty, so it selects every namespace"
          : "only rules some namespaces out, so it selects all others";
      return [problem(place, fault, nameRemedy)];
    }
  }
}

/** Each block is judged by itself; together they are judged where each one is in order. */
function addressViolations(openings: readonly PeerOpening[], settings: PeerSettings): Violation[] {
  return (["Ingress", "Egress"] as const).flatMap((direction) => {
    const blocks = openings
      .filter((opening) => opening.direction === direction)
      .flatMap(({ peer }) => (peer.kind === "addresses" ? peer : []));
    const single = blocks.flatMap(({ property, ranges }) =>
      rangeViolations(`${property}.ipBlock.cidr`, direction, ranges, settings),
    );
    const together = blocks.flatMap(({ ranges }) => ranges);
    return single.length > 0
      ? single
      : rangeViolations(`spec.${direction.toLowerCase()}`, direction, together, settings);
  });
}

function rangeViolations(
  property: string,
  direction: PeerOpening["direction"],
  ranges: readonly AddressRange[],
  settings: PeerSettings,
): Violation[] {
  const wide = (["IPv4", "IPv6"] as const).flatMap((family) => {
    const addresses = merge(ranges.filter((range) => range.family === family));
    return sizeOf(addresses) > mostOwned(family)
      ? wideViolations(property, direction, addresses, settings)
      : [];
  });
  return wide.length > 0 ? wide : clusterViolations(property, ranges, settings);
}

/** As many addresses as nobody owns: for what comes in that is everyone, for what goes out the internet. */
function wideViolations(
  property: string,
  direction: PeerOpening["direction"],
  addresses: readonly AddressRange[],
  settings: PeerSettings,
): Violation[] {
  if (direction === "Ingress") {
    const fault = "holds so many addresses that it opens the pods to everyone";
    const remedy = "Give the ranges of the callers.";
    return [problem(property, fault, remedy)];
  }
  const overlaps = overlapsOf(addresses, [
    ...metadataAddresses,
    ...privateAddresses,
    ...namedRanges("clusterCidrs", settings.clusterCidrs),
    ...namedRanges("protectedCidrs", settings.protectedCidrs),
  ]);
  const fault = `holds so many addresses that it is open to everyone, also to ${listed(overlaps)}`;
  const remedy =
    "Give the ranges of the services that are needed, or list all of these in `except`.";
  return problemUnless(overlaps.length === 0, property, fault, remedy);
}

function clusterViolations(
  property: string,
  ranges: readonly AddressRange[],
  { clusterCidrs }: PeerSettings,
): Violation[] {
  const merged = merge(ranges);
  const whole = privateAddresses.filter(({ range }) =>
    merged.some((open) => isWithin(range, open)),
  );
  const overlaps =
    clusterCidrs.length === 0
      ? overlapsOf(merged, whole)
      : overlapsOf(merged, namedRanges("clusterCidrs", clusterCidrs));
  const fault = `holds addresses of the cluster: ${listed(overlaps)}`;
  const remedy =
    "Select pods by their namespace and labels, and give ranges outside the cluster only. Where the cluster's own ranges are others, they belong into the setting `clusterCidrs`.";
  const isValid = overlaps.length === 0 || sizeOf(merged) <= fewAddresses;
  return problemUnless(isValid, property, fault, remedy);
}

function mostOwned(family: AddressRange["family"]): bigint {
  const bits = { IPv4: 32, IPv6: 128 } as const;
  return 1n << BigInt(bits[family] - shortestLength[family]);
}
