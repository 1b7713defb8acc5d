import {
  type Fault,
  namespaceChoice,
  type Peer,
  type PeerOpening,
  peerOpenings,
  type PolicyPort,
  type PortRange,
  selectsUnlabelled,
} from "secure-environment-isolation";
import {
  type AddressRange,
  intersection,
  isWithin,
  merge,
  parseCidr,
  toCidrs,
} from "secure-environment/addresses";
import { shortestLength } from "secure-environment/holeAddresses";
import { probeAddresses } from "secure-environment/istio";
import { cidrListProblems, type NamedRange, namedRanges } from "secure-environment/namedRanges";
import { alwaysProtectedNamespaces, matchesPattern } from "secure-environment/protectedTargets";
import { metadataAddresses, privateAddresses } from "secure-environment/specialAddresses";
import { type Finding, type ResourceGuarantee } from "../guarantee";
import { isOneOf } from "../kinds";
import { type JudgedResource } from "../judgedResource";
import { kubernetesObject } from "../kubernetesObject";

const policyKinds = { "networking.k8s.io": ["NetworkPolicy"], extensions: ["NetworkPolicy"] };

const cidrList = (description: string) => ({
  type: "array" as const,
  description,
  items: { type: "string" as const, minLength: 1 },
  default: [],
});

const protectedCidrs = cidrList(
  "Ranges of addresses that no environment may reach, such as those of production.",
);

interface PeerSettings {
  readonly clusterCidrs: readonly string[];
  readonly protectedCidrs: readonly string[];
}

/** An opening that names nobody is open to everybody. */
export const networkPoliciesNameTheirPeers: ResourceGuarantee<PeerSettings> = {
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
    judgePolicy(resource, settings, ({ openings, faults }) => [
      ...faults.map(faultFinding),
      ...openings.flatMap((opening) => peerFindings(opening, faults)),
      ...addressFindings(openings, settings),
    ]),
};

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

type Openings = ReturnType<typeof peerOpenings>;

/** Judges what a NetworkPolicy opens, if the settings can be relied on. */
function judgePolicy(
  resource: JudgedResource,
  settings: Partial<PeerSettings>,
  judge: (openings: Openings) => Finding[],
): Finding[] {
  const object = kubernetesObject(resource);
  if (object === undefined || !isOneOf(object, policyKinds)) {
    return [];
  }
  const problems = [
    ...cidrListProblems("clusterCidrs", settings.clusterCidrs),
    ...cidrListProblems("protectedCidrs", settings.protectedCidrs),
  ];
  return problems.length > 0
    ? problems.map(({ property, fault, remedy }) => ({
        fault: `is not judged, as the setting ${property} ${fault}`,
        remedy,
      }))
    : oneByProperty(judge(peerOpenings({ ...object.properties, kind: "NetworkPolicy" })));
}

/** What cannot be read opens both directions: it is told once. */
function oneByProperty(findings: readonly Finding[]): Finding[] {
  const key = ({ property, fault }: Finding) => `${property} ${fault}`;
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}

/** The keys of labels, which somebody could have made secret, are left out. */
function faultFinding({ property, fault, isUnknown }: Fault): Finding {
  return {
    property: property.replace(/\["[\s\S]*"\]$/, ""),
    fault:
      isUnknown === true
        ? "is not known before the update, so nobody can tell whom it opens"
        : fault,
    remedy: "Give a plain value, as the documentation of Kubernetes describes it.",
  };
}

function peerFindings({ direction, peer }: PeerOpening, faults: readonly Fault[]): Finding[] {
  switch (peer.kind) {
    case "everyone":
      return faults.some(({ property }) => property.startsWith(peer.property))
        ? []
        : [
            {
              property: peer.property,
              fault: `is missing or empty, so it opens the pods ${toOrFrom(direction)} everyone`,
              remedy: "List the peers; without a rule nobody is let through.",
            },
          ];
    case "addresses":
      return [];
    case "pods":
      return choiceFindings(peer);
  }
}

function toOrFrom(direction: PeerOpening["direction"]): string {
  return direction === "Ingress" ? "to" : "towards";
}

const nameRemedy =
  "Select namespaces by the label kubernetes.io/metadata.name, which nobody can forge.";

function choiceFindings({ property, namespaces }: Extract<Peer, { kind: "pods" }>): Finding[] {
  if (namespaces === undefined || (namespaces.isDoubtful && isEmpty(namespaces.requirements))) {
    return [];
  }
  const place = `${property}.namespaceSelector`;
  switch (namespaceChoice(namespaces).by) {
    case "names":
      return [];
    case "labels":
      return [
        {
          property: place,
          fault: "goes by labels that whoever makes a namespace may give it",
          remedy: nameRemedy,
        },
      ];
    case "nothing":
      return [
        {
          property: place,
          fault: isEmpty(namespaces.requirements)
            ? "is empty, so it selects every namespace"
            : "only rules some namespaces out, so it selects all others",
          remedy: nameRemedy,
        },
      ];
  }
}

function isEmpty(list: readonly unknown[]): boolean {
  return list.length === 0;
}

/** Each block is judged by itself; together they are judged where each one is in order. */
function addressFindings(openings: readonly PeerOpening[], settings: PeerSettings): Finding[] {
  return (["Ingress", "Egress"] as const).flatMap((direction) => {
    const blocks = openings
      .filter((opening) => opening.direction === direction)
      .flatMap(({ peer }) => (peer.kind === "addresses" ? peer : []));
    const single = blocks.flatMap(({ property, ranges }) =>
      rangeFindings(`${property}.ipBlock.cidr`, direction, ranges, settings),
    );
    const together = blocks.flatMap(({ ranges }) => ranges);
    return single.length > 0
      ? single
      : rangeFindings(`spec.${direction.toLowerCase()}`, direction, together, settings);
  });
}

function rangeFindings(
  property: string,
  direction: PeerOpening["direction"],
  ranges: readonly AddressRange[],
  settings: PeerSettings,
): Finding[] {
  const wide = (["IPv4", "IPv6"] as const).flatMap((family) => {
    const addresses = merge(ranges.filter((range) => range.family === family));
    return sizeOf(addresses) > mostOwned(family)
      ? wideFindings(property, direction, addresses, settings)
      : [];
  });
  return wide.length > 0 ? wide : clusterFindings(property, ranges, settings);
}

/** As many addresses as nobody owns: for what comes in that is everyone, for what goes out the internet. */
function wideFindings(
  property: string,
  direction: PeerOpening["direction"],
  addresses: readonly AddressRange[],
  settings: PeerSettings,
): Finding[] {
  if (direction === "Ingress") {
    return [
      {
        property,
        fault: "holds so many addresses that it opens the pods to everyone",
        remedy: "Give the ranges of the callers.",
      },
    ];
  }
  const overlaps = overlapsOf(addresses, [
    ...metadataAddresses,
    ...privateAddresses,
    ...namedRanges("clusterCidrs", settings.clusterCidrs),
    ...namedRanges("protectedCidrs", settings.protectedCidrs),
  ]);
  return isEmpty(overlaps)
    ? []
    : [
        {
          property,
          fault: `holds so many addresses that it is open to everyone, also to ${listed(overlaps)}`,
          remedy:
            "Give the ranges of the services that are needed, or list all of these in `except`.",
        },
      ];
}

/** The most addresses of a resolver or an API server, which may be in a range of the cluster. */
const fewAddresses = 256n;

function clusterFindings(
  property: string,
  ranges: readonly AddressRange[],
  { clusterCidrs }: PeerSettings,
): Finding[] {
  const merged = merge(ranges);
  const whole = privateAddresses.filter(({ range }) =>
    merged.some((open) => isWithin(range, open)),
  );
  const overlaps = isEmpty(clusterCidrs)
    ? overlapsOf(merged, whole)
    : overlapsOf(merged, namedRanges("clusterCidrs", clusterCidrs));
  return isEmpty(overlaps) || sizeOf(merged) <= fewAddresses
    ? []
    : [
        {
          property,
          fault: `holds addresses of the cluster: ${listed(overlaps)}`,
          remedy:
            "Select pods by their namespace and labels, and give ranges outside the cluster only. Where the cluster's own ranges are others, they belong into the setting `clusterCidrs`.",
        },
      ];
}

function sizeOf(merged: readonly AddressRange[]): bigint {
  return merged.reduce((size, { first, last }) => size + last - first + 1n, 0n);
}

function mostOwned(family: AddressRange["family"]): bigint {
  const bits = { IPv4: 32, IPv6: 128 } as const;
  return 1n << BigInt(bits[family] - shortestLength[family]);
}

/**
 * The others that share addresses with the ranges, such as `10.0.0.0/8 (the private addresses)`. They
 * are told whole: what is shared may say a secret range of the program.
 */
function overlapsOf(ranges: readonly AddressRange[], others: readonly NamedRange[]): string[] {
  return others
    .filter(({ range }) => ranges.some((one) => intersection(one, range) !== undefined))
    .map(({ name, range }) => `${toCidrs([range]).join(", ")} (${name})`);
}

function listed(texts: readonly string[]): string {
  const most = 3;
  const rest = texts.length - most;
  return [...texts.slice(0, most), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

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
  return isEmpty(overlaps)
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
