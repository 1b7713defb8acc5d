import { type AddressRange, fewAddresses, parseAddress, parseCidr } from "../../core/addresses";
import {
  cidrListProblems,
  describeOverlap,
  type NamedRange,
  namedRanges,
} from "../../core/namedRanges";
import { type ClusterNetworkArgs } from "./networkArgs";
import { problem, problemUnless, type Problem } from "../../core/problems";
import { closedAddresses } from "../../core/specialAddresses";

/** The kinds of addresses that every cluster has. */
const kinds = ["pods", "services", "nodes"] as const;
type Kind = (typeof kinds)[number];

const apiServerRemedy =
  "Give the addresses of `kubectl get endpointslices,services kubernetes --namespace default`.";

const howToFind: Readonly<Record<Kind, string>> = {
  pods: "`kubectl get nodes -o jsonpath='{.items[*].spec.podCIDRs}'` or the network plugin's configuration shows those of the pods",
  services: "`kubectl get servicecidrs` shows those of the Services",
  nodes: "the subnets of `kubectl get nodes -o wide` are those of the nodes",
};

/** Ranges of the cluster's pods, Services and nodes. */
export function clusterRanges(network: ClusterNetworkArgs | undefined): NamedRange[] {
  return kinds.flatMap((kind) => namedRanges(`clusterNetwork.${kind}`, network?.[kind]));
}

/** Ranges of the cluster's nodes. */
export function nodeRanges(network: ClusterNetworkArgs | undefined): NamedRange[] {
  return namedRanges("clusterNetwork.nodes", network?.nodes);
}

/** Addresses of the API server: ranges or single addresses. */
export function apiServerRanges(network: ClusterNetworkArgs | undefined): NamedRange[] {
  return namedRanges("clusterNetwork.apiServer", network?.apiServer, parseRange);
}

/** Everything wrong with the cluster's addresses as they are given. */
export function clusterNetworkProblems(network: ClusterNetworkArgs | undefined): Problem[] {
  return [
    ...kinds.flatMap((kind) => cidrListProblems(`clusterNetwork.${kind}`, network?.[kind])),
    ...(network?.apiServer ?? []).flatMap((text, index) =>
      apiServerProblems(`clusterNetwork.apiServer[${index}]`, text, network),
    ),
  ];
}

/**
 * What is missing for a hole that opens addresses of the family. Network plugins differ in whether
 * a range of addresses opens the cluster's own, so each of them must be known. A pod with an IPv6
 * address is on a node that has one.
 * See https://docs.cilium.io/en/stable/security/policy/caveats/
 */
export function missingRangeProblems(
  network: ClusterNetworkArgs | undefined,
  hole: string,
  family: AddressRange["family"],
): Problem[] {
  if (network === undefined) {
    return [missingProblem("clusterNetwork", hole, kinds, "is missing")];
  }
  const empty = kinds.filter((kind) => network[kind].length === 0);
  const withoutIpv6 = (["pods", "nodes"] as const).filter(
    (kind) => family === "IPv6" && hasNoIpv6(network[kind]),
  );
  return [
    ...empty.map((kind) => missingProblem(`clusterNetwork.${kind}`, hole, [kind], "has no range")),
    ...withoutIpv6.map((kind) =>
      missingProblem(`clusterNetwork.${kind}`, hole, [kind], "has no IPv6 range"),
    ),
  ];
}

/** What is missing for a hole to the API server. */
export function missingApiServerProblems(
  network: ClusterNetworkArgs | undefined,
  hole: string,
): Problem[] {
  const isValid = (network?.apiServer ?? []).length > 0;
  const fault = `has no address, so ${hole} has nothing to open`;
  return problemUnless(isValid, "clusterNetwork.apiServer", fault, apiServerRemedy);
}

/** Whether ranges were given, and all of them are IPv4. */
function hasNoIpv6(texts: readonly string[]): boolean {
  return texts.length > 0 && texts.every((text) => parseCidr(text)?.family === "IPv4");
}

function missingProblem(
  property: string,
  hole: string,
  missing: readonly Kind[],
  what: string,
): Problem {
  const fault = `${what}, so nobody can tell whether ${hole} opens pods, Services or nodes of the cluster`;
  const remedy = `Give the ranges: ${missing.map((kind) => howToFind[kind]).join("; ")}.`;
  return problem(property, fault, remedy);
}

function apiServerProblems(
  property: string,
  text: string,
  network: ClusterNetworkArgs | undefined,
): Problem[] {
  const range = parseRange(text);
  const remedy = apiServerRemedy;
  if (range === undefined) {
    return [problem(property, "is neither an address nor a range", remedy, text)];
  }
  if (range.last - range.first >= fewAddresses) {
    const fault = `has more than ${fewAddresses} addresses, too many for an API server`;
    return [problem(property, fault, remedy, text)];
  }
  const pods = namedRanges("clusterNetwork.pods", network?.pods);
  return [...closedAddresses, ...pods].flatMap((closed) => {
    const overlap = describeOverlap([range], closed.range);
    const fault = `overlaps ${closed.name} (${closed.text}) in ${overlap}`;
    return problemUnless(overlap === undefined, property, fault, remedy, text);
  });
}

function parseRange(text: string): AddressRange | undefined {
  return parseAddress(text) ?? parseCidr(text);
}
