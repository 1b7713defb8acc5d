import {
  namespaceChoice,
  type Peer,
  type PeerOpening,
  type PolicyPort,
  type PortRange,
  selectsUnlabelled,
} from "secure-environment-isolation";
import { type AddressRange, isWithin, merge, parseCidr } from "secure-environment/addresses";
import { probeAddresses } from "secure-environment/istio";
import { namedRanges } from "secure-environment/namedRanges";
import { alwaysProtectedNamespaces, matchesPattern } from "secure-environment/protectedTargets";
import { metadataAddresses } from "secure-environment/specialAddresses";
import { type Finding, type ResourceGuarantee } from "../guarantee";
import { judgePolicy, listed, overlapsOf, protectedCidrs, sizeOf } from "../openings";

interface ProtectionSettings {
  readonly protectedNamespaces: readonly string[];
  readonly protectedCidrs: readonly string[];
}

/** Staging, production and the credentials of nodes are no peers. */
export const networkPoliciesSpareWhatIsProtected: ResourceGuarantee<ProtectionSettings> = {
  name: "network-policies-spare-what-is-protected",
  description:
    "No NetworkPolicy opens protected namespaces, protected ranges or the metadata addresses of clouds.",
  threat:
    "A review environment reaches staging or production, or reads the credentials of its node.",
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
  },
  judge: (resource, settings) =>
    judgePolicy(resource, settings, ({ openings }) =>
      openings.flatMap((opening) => protectionFindings(opening, settings)),
    ),
};

function protectionFindings(opening: PeerOpening, settings: ProtectionSettings): Finding[] {
  const { peer } = opening;
  switch (peer.kind) {
    case "everyone":
      return [
        {
          property: peer.property,
          fault: "names nobody in particular, so it opens what is protected too",
          remedy: "List the peers, in plain values.",
        },
      ];
    case "addresses":
      return protectedAddressFindings(opening, peer, settings);
    case "pods":
      return protectedNamespaceFindings(peer, settings);
  }
}

function protectedNamespaceFindings(
  { property, namespaces }: Extract<Peer, { kind: "pods" }>,
  { protectedNamespaces }: ProtectionSettings,
): Finding[] {
  if (namespaces === undefined) {
    return [];
  }
  const choice = namespaceChoice(namespaces);
  const patterns = [...alwaysProtectedNamespaces, ...protectedNamespaces];
  const found = patterns.find((pattern) =>
    choice.by === "names"
      ? choice.names.some((name) => matchesPattern(name, pattern))
      : selectsUnlabelled(namespaces, pattern.replaceAll("*", "any")),
  );
  return found === undefined
    ? []
    : [
        {
          property: `${property}.namespaceSelector`,
          fault: `${namespaces.isDoubtful ? "may select" : "selects"} a protected namespace (${found})`,
          remedy: "Name another namespace: an environment never touches a protected one.",
        },
      ];
}

function protectedAddressFindings(
  opening: PeerOpening,
  { property, ranges }: Extract<Peer, { kind: "addresses" }>,
  settings: ProtectionSettings,
): Finding[] {
  const closed = [
    ...(isResolver(opening, ranges) || isProbe(opening, ranges) ? [] : metadataAddresses),
    ...namedRanges("protectedCidrs", settings.protectedCidrs),
  ];
  const overlaps = overlapsOf(ranges, closed);
  return overlaps.length === 0
    ? []
    : [
        {
          property: `${property}.ipBlock`,
          fault: `opens ${listed(overlaps)}`,
          remedy: "Give a range without these addresses, or list them in `except`.",
        },
      ];
}

const nameResolutionPort = 53;
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
  const { port: first, endPort, protocol }: Partial<PortRange> = port;
  return first === nameResolutionPort && endPort === nameResolutionPort && protocol !== "SCTP";
}

/** The kubelet's probes in a mesh come from addresses of their own. */
function isProbe({ direction }: PeerOpening, ranges: readonly AddressRange[]): boolean {
  const probes = probeAddresses.flatMap((text) => parseCidr(text) ?? []);
  return (
    direction === "Ingress" && ranges.every((range) => probes.some((one) => isWithin(range, one)))
  );
}
