import {
  namespaceChoice,
  type Peer,
  type PeerOpening,
  type PolicyPort,
  type PortRange,
  selectsUnlabelled,
} from "secure-environment-isolation";
import {
  type AddressRange,
  alwaysProtectedNamespaces,
  clusterOwnedNames,
  matchesPattern,
  merge,
  metadataAddresses,
  namedRanges,
  problem,
  problemUnless,
  unroutableAddresses,
} from "secure-environment/core";
import { type Violation, type ResourcePolicy } from "../policy";
import {
  isProbe,
  judgeNetworkPolicy,
  listed,
  overlapsOf,
  protectedCidrs,
  sizeOf,
} from "../openings";

type PodPeer = Extract<Peer, { kind: "pods" }>;

const nameResolutionPort = 53;

interface ProtectionSettings {
  readonly protectedNamespaces: readonly string[];
  readonly resolverPorts: readonly number[];
  readonly protectedCidrs: readonly string[];
}

/** Staging, production and the credentials of nodes are no peers. */
export const networkPoliciesSpareWhatIsProtected: ResourcePolicy<ProtectionSettings> = {
  name: "network-policies-spare-what-is-protected",
  description:
    "No NetworkPolicy opens protected namespaces, protected ranges, the metadata addresses of clouds or addresses that are no one machine on a network, and of the cluster's own namespaces pods reach name resolution alone.",
  threat:
    "A review environment reaches staging, production or the cluster's own controllers, or reads the credentials of its node.",
  remediation: "Leave the peer out; in a range of addresses, list what is protected in `except`.",
  severity: "critical",
  url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource",
  example: {
    bad: 'egress: [{ to: [{ ipBlock: { cidr: "169.254.0.0/16" } }], ports }]',
    good: 'egress: [{ to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports }]',
  },
  settings: {
    protectedNamespaces: {
      type: "array",
      description: `Namespaces that are protected besides ${alwaysProtectedNamespaces.join(", ")}: names, or patterns in which \`*\` stands for any text.`,
      items: { type: "string", pattern: "^[a-z0-9*]([a-z0-9*-]{0,61}[a-z0-9*])?$" },
      default: [],
    },
    protectedCidrs,
    resolverPorts: {
      type: "array",
      description: "Ports at which pods of the cluster's own namespaces resolve names.",
      items: { type: "integer", minimum: 1, maximum: 65_535 },
      default: [nameResolutionPort, 5353],
    },
  },
  judge: (resource, settings) =>
    judgeNetworkPolicy(resource, settings, ({ openings }) =>
      openings.flatMap((opening) => protectionViolations(opening, settings)),
    ),
};

function protectionViolations(opening: PeerOpening, settings: ProtectionSettings): Violation[] {
  const { peer } = opening;
  switch (peer.kind) {
    case "everyone":
      return [everyoneViolation(peer.property)];
    case "addresses":
      return protectedAddressViolations(opening, peer, settings);
    case "pods":
      return [
        ...protectedNamespaceViolations(peer, settings),
        ...clusterNamespaceViolations(opening, peer, settings),
      ];
  }
}

function everyoneViolation(property: string): Violation {
  const fault = "names nobody in particular, so it opens what is protected too";
  return problem(property, fault, "List the peers, in plain values.");
}

function protectedNamespaceViolations(
  { property, namespaces }: PodPeer,
  { protectedNamespaces }: ProtectionSettings,
): Violation[] {
  if (namespaces === undefined) {
    return [];
  }
  const found = patternOf(namespaces, [...alwaysProtectedNamespaces, ...protectedNamespaces]);
  const fault = `${namespaces.isDoubtful ? "may select" : "selects"} a protected namespace (${found})`;
  const remedy = "Name another namespace: an environment never touches a protected one.";
  return problemUnless(found === undefined, `${property}.namespaceSelector`, fault, remedy);
}

/**
 * Beside the resolver, controllers are there: some answer whoever asks. Into an environment some of
 * them must reach, such as an ingress controller.
 */
function clusterNamespaceViolations(
  { direction, ports }: PeerOpening,
  { property, namespaces, pods }: PodPeer,
  { resolverPorts }: ProtectionSettings,
): Violation[] {
  const owned = namespaces === undefined ? undefined : patternOf(namespaces, clusterOwnedNames);
  const isForResolver =
    pods.requirements.some(({ operator }) => operator === "In") &&
    ports.every((port) => resolverPorts.some((resolver) => isPort(port, resolver)));
  const fault = `opens more of a namespace of the cluster itself (${owned}) than name resolution`;
  const remedy = `Name the pods that resolve names by their labels, and of their ports ${resolverPorts.join(", ")} alone.`;
  const isValid = direction === "Ingress" || owned === undefined || isForResolver;
  return problemUnless(isValid, property, fault, remedy);
}

/** The first of the patterns of which the selector selects a namespace, or could. */
function patternOf(
  namespaces: NonNullable<PodPeer["namespaces"]>,
  patterns: readonly string[],
): string | undefined {
  const choice = namespaceChoice(namespaces);
  return patterns.find((pattern) =>
    choice.by === "names"
      ? choice.names.some((name) => matchesPattern(name, pattern))
      : selectsUnlabelled(namespaces, pattern.replaceAll("*", "any")),
  );
}

function protectedAddressViolations(
  opening: PeerOpening,
  { property, ranges }: Extract<Peer, { kind: "addresses" }>,
  settings: ProtectionSettings,
): Violation[] {
  const closed = [
    ...(isResolver(opening, ranges) || isProbe(opening) ? [] : metadataAddresses),
    ...unroutableAddresses,
    ...namedRanges("protectedCidrs", settings.protectedCidrs),
  ];
  const overlaps = overlapsOf(ranges, closed);
  const fault = `opens ${listed(overlaps)}`;
  const remedy = "Give a range without these addresses, or list them in `except`.";
  return problemUnless(overlaps.length === 0, `${property}.ipBlock`, fault, remedy);
}

/** Neighbouring resolvers are written as one range. */
const mostResolvers = 8n;

/** Some clouds, and the cache on the node, resolve names at link-local addresses. */
function isResolver({ direction, ports }: PeerOpening, ranges: readonly AddressRange[]): boolean {
  return (
    direction === "Egress" && sizeOf(merge(ranges)) <= mostResolvers && ports.every(isForNames)
  );
}

/** A port by its name has no number. */
function isForNames(port: PolicyPort): boolean {
  return isPort(port, nameResolutionPort);
}

function isPort(port: PolicyPort, wanted: number): boolean {
  const { port: first, endPort, protocol }: Partial<PortRange> = port;
  return first === wanted && endPort === wanted && protocol !== "SCTP";
}
