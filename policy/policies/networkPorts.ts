import { type PeerOpening, type PolicyPort, type PortRange } from "secure-environment-isolation";
import {
  type AddressRange,
  isWithin,
  merge,
  metadataAddresses,
  namedRanges,
  nameResolutionPorts,
  privateAddresses,
  problem,
  problemUnless,
} from "secure-environment/core";
import { type Violation, type ResourcePolicy } from "../policy";
import { cidrList, isProbe, judgeNetworkPolicy, sizeOf } from "../openings";

interface PortSettings {
  readonly resolverCidrs: readonly string[];
}

/** A port that is left out is every port. */
export const networkPoliciesNameTheirPorts: ResourcePolicy<PortSettings> = {
  name: "network-policies-name-their-ports",
  description: `Every rule of a NetworkPolicy that opens more than the own namespace lists its ports, and to addresses none of name resolution (${nameResolutionPorts.join(", ")}), but to resolvers.`,
  threat:
    "A rule without ports opens doors of administrators, and a server that answers where names are resolved carries any traffic.",
  remediation:
    "List the ports that are needed, and leave name resolution to the environment's own policy for it.",
  severity: "high",
  url: "https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/#NetworkPolicySpec",
  example: {
    bad: 'egress: [{ to: [{ ipBlock: { cidr: "203.0.113.0/24" } }] }]',
    good: 'egress: [{ to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports: [{ port: 443, protocol: "TCP" }] }]',
  },
  settings: {
    resolverCidrs: cidrList(
      "Addresses at which pods resolve names, such as `10.96.0.10/32`. Without them, a few private or link-local addresses count as the cluster's resolvers.",
    ),
  },
  judge: (resource, settings) =>
    judgeNetworkPolicy(resource, settings, ({ openings }) =>
      openings.flatMap((opening) => portViolations(opening, settings)),
    ),
};

/** A rule that names nobody is judged by its peers. */
function portViolations(opening: PeerOpening, settings: PortSettings): Violation[] {
  const { peer, portsProperty } = opening;
  const isOwnNamespace = peer.kind === "pods" && peer.namespaces === undefined;
  if (peer.kind === "everyone" || isOwnNamespace || isProbe(opening)) {
    return [];
  }
  const fault = "is missing, or leaves a port out, so every port is open";
  const remedy = "List the ports that are needed, each by its number.";
  return opening.namesPorts
    ? tunnelViolations(opening, settings)
    : [problem(portsProperty, fault, remedy)];
}

function tunnelViolations(opening: PeerOpening, { resolverCidrs }: PortSettings): Violation[] {
  const { direction, peer, ports, portsProperty } = opening;
  if (direction === "Ingress" || peer.kind !== "addresses") {
    return [];
  }
  const opensNames = ports.some((port) => nameResolutionPorts.some((one) => mayOpen(port, one)));
  const isForNames = ports.every((port) => nameResolutionPorts.some((one) => isPort(port, one)));
  const fault = `opens name resolution (${nameResolutionPorts.join(" or ")}) to addresses that are no resolver's, a tunnel for any traffic`;
  const remedy =
    "Leave these ports out. The addresses of the cluster's resolvers belong into the setting `resolverCidrs`.";
  const isValid = !opensNames || (isForNames && areResolvers(peer.ranges, resolverCidrs));
  return problemUnless(isValid, portsProperty, fault, remedy);
}

/** Neighbouring resolvers are written as one range. */
const mostResolvers = 8n;

function areResolvers(ranges: readonly AddressRange[], resolverCidrs: readonly string[]): boolean {
  const known = namedRanges("resolverCidrs", resolverCidrs);
  const resolvers = known.length > 0 ? known : [...privateAddresses, ...metadataAddresses];
  return (
    (known.length > 0 || sizeOf(merge(ranges)) <= mostResolvers) &&
    ranges.every((one) => resolvers.some(({ range }) => isWithin(one, range)))
  );
}

/** What an address means by the name of a port is not known. */
function mayOpen(port: PolicyPort, wanted: number): boolean {
  return (
    port.protocol !== "SCTP" && ("name" in port || (port.port <= wanted && wanted <= port.endPort))
  );
}

function isPort({ port, endPort }: Partial<PortRange>, wanted: number): boolean {
  return port === wanted && endPort === wanted;
}
