import {
  type AddressRange,
  everyAddress,
  fewAddresses,
  isWithin,
  parseCidr,
  shortestLength,
  subtract,
  toCidrs,
} from "../../../core/addresses";
import { apiServerRanges, clusterRanges, nodeRanges } from "../clusterNetwork";
import { targetOf } from "./peers";
import {
  cidrListProblems,
  cidrProblems,
  describeOverlap,
  type NamedRange,
  namedRanges,
} from "../../../core/namedRanges";
import {
  type ClusterNetworkArgs,
  type HoleArgs,
  HoleDirection,
  type ProtectedArgs,
} from "../networkArgs";
import { type OpenHole } from "./openHole";
import { nameResolutionProblems } from "./ports";
import { problem, problemUnless, type Problem } from "../../../core/problems";
import { protectedRanges } from "../protectedTargets";
import { closedAddresses, nonPublicAddresses } from "../../../core/specialAddresses";

type AddressPeers = OpenHole["addressPeers"];

/** What the addresses of a hole are judged against. */
export interface AddressSurroundings {
  readonly protected?: ProtectedArgs;
  readonly clusterNetwork?: ClusterNetworkArgs;
}

const bits = { IPv4: 32, IPv6: 128 } as const;

/** The addresses on the other side of a hole, as a network policy has them. */
export function addressPeersOf(hole: HoleArgs, surroundings: AddressSurroundings): AddressPeers {
  switch (targetOf(hole)) {
    case "pods":
      return [];
    case "apiServer":
      return toCidrs(apiServerRanges(surroundings.clusterNetwork).map(({ range }) => range)).map(
        (cidr) => ({ cidr, except: [] }),
      );
    case "internet":
      return [{ cidr: "0.0.0.0/0", except: toCidrs(internetExceptions(surroundings)) }];
    case "nodes":
    case "range":
      return toCidrs(parse(hole.cidr ?? "")).map((cidr) => ({
        cidr,
        except: toCidrs(exceptionsOf(hole)),
      }));
  }
}

/** The addresses that are open. */
export function openAddresses(peers: AddressPeers): AddressRange[] {
  return peers.flatMap(({ cidr, except }) => subtract(parse(cidr), except.flatMap(parse)));
}

/** Everything wrong with a hole to addresses. */
export function addressProblems(
  property: string,
  hole: HoleArgs,
  surroundings: AddressSurroundings,
): Problem[] {
  const target = targetOf(hole);
  const tunnels =
    target === "pods" || hole.direction === HoleDirection.Ingress
      ? []
      : nameResolutionProblems(`${property}.ports`, hole.ports);
  switch (target) {
    case "pods":
      return [];
    case "apiServer":
      return [...apiServerProblems(`${property}.peer`, hole, surroundings), ...tunnels];
    case "internet":
      return [...internetProblems(`${property}.peer`, hole, surroundings), ...tunnels];
    case "nodes":
    case "range":
      return [...rangeProblems(property, hole, surroundings), ...tunnels];
  }
}

function internetExceptions(surroundings: AddressSurroundings): AddressRange[] {
  return [...closedRanges(surroundings), ...nonPublicAddresses]
    .map(({ range }) => range)
    .filter(({ family }) => family === "IPv4");
}

/** Every range that a hole to addresses leaves closed. */
function closedRanges(surroundings: AddressSurroundings): NamedRange[] {
  return [
    ...clusterRanges(surroundings.clusterNetwork),
    ...apiServerRanges(surroundings.clusterNetwork),
    ...protectedRanges(surroundings.protected),
    ...closedAddresses,
  ];
}

/**
 * What a hole for nodes leaves closed. The API server runs on a node of many small clusters; what it
 * sends by itself passes network policies in any case.
 */
function closedToNodes({ protected: others, clusterNetwork }: AddressSurroundings): NamedRange[] {
  return [
    ...clusterRanges(clusterNetwork && { ...clusterNetwork, nodes: [] }),
    ...protectedRanges(others),
    ...closedAddresses,
  ];
}

function exceptionsOf(hole: HoleArgs): AddressRange[] {
  return (hole.except ?? []).flatMap(parse);
}

function parse(text: string): AddressRange[] {
  const range = parseCidr(text);
  return range === undefined ? [] : [range];
}

function apiServerProblems(
  property: string,
  hole: HoleArgs,
  surroundings: AddressSurroundings,
): Problem[] {
  return apiServerRanges(surroundings.clusterNetwork).flatMap((server) =>
    protectedRanges(surroundings.protected).flatMap((other) => {
      const overlap = describeOverlap([server.range], other.range);
      const fault = `opens ${server.name} (${server.text}), which overlaps ${other.name} (${other.text}) in ${overlap}`;
      const remedy = "Leave the hole out, or protect a range without the API server.";
      return problemUnless(overlap === undefined, property, fault, remedy, hole.peer);
    }),
  );
}

function internetProblems(
  property: string,
  hole: HoleArgs,
  surroundings: AddressSurroundings,
): Problem[] {
  const isValid = subtract([everyAddress("IPv4")], internetExceptions(surroundings)).length > 0;
  const fault = "opens nothing, as every public address is protected or part of the cluster";
  const remedy = "Leave the hole out, or narrow `protected.cidrs`.";
  return problemUnless(isValid, property, fault, remedy, hole.peer);
}

function rangeProblems(
  property: string,
  hole: HoleArgs,
  surroundings: AddressSurroundings,
): Problem[] {
  const range = parseCidr(hole.cidr ?? "");
  if (range === undefined) {
    return [
      ...(hole.cidr === undefined ? [] : cidrProblems(`${property}.cidr`, hole.cidr)),
      ...cidrListProblems(`${property}.except`, hole.except),
    ];
  }
  return [
    ...cidrListProblems(`${property}.except`, hole.except),
    ...outsideProblems(property, hole, range),
    ...(targetOf(hole) === "nodes" ? nodeProblems(property, hole, range, surroundings) : []),
    ...(isTooLarge(range)
      ? [tooLargeProblem(`${property}.cidr`, hole, range)]
      : openProblems(property, hole, range, surroundings)),
  ];
}

/** Which addresses a hole may open: those of some nodes, and nothing that is no node. */
function nodeProblems(
  property: string,
  hole: HoleArgs,
  range: AddressRange,
  { clusterNetwork }: AddressSurroundings,
): Problem[] {
  const nodes = nodeRanges(clusterNetwork);
  const isSmall = range.last - range.first < fewAddresses;
  const isInside =
    subtract(
      [range],
      nodes.map((node) => node.range),
    ).length === 0;
  return [
    ...problemUnless(
      isSmall,
      `${property}.cidr`,
      `has more than ${fewAddresses} addresses, and whatever runs on one of these nodes would come in`,
      "Give the addresses of the nodes on which the controller runs, in several holes if need be.",
      hole.cidr,
    ),
    ...problemUnless(
      isInside || nodes.length === 0,
      `${property}.cidr`,
      `is not inside clusterNetwork.nodes (${nodes.map(({ text }) => text).join(", ")})`,
      "Give addresses of nodes, as `kubectl get nodes -o wide` shows them, or use the peer cidr.",
      hole.cidr,
    ),
  ];
}

function outsideProblems(property: string, hole: HoleArgs, range: AddressRange): Problem[] {
  return namedRanges(`${property}.except`, hole.except)
    .filter((exception) => !isWithin(exception.range, range))
    .map((exception) =>
      problem(
        exception.name,
        `is not inside ${property}.cidr, which is ${hole.cidr}`,
        "Leave it out: it is closed anyway, or give the part that is inside.",
        exception.text,
      ),
    );
}

function isTooLarge({ family, first, last }: AddressRange): boolean {
  return last - first >= 1n << BigInt(bits[family] - shortestLength[family]);
}

function tooLargeProblem(property: string, hole: HoleArgs, range: AddressRange): Problem {
  const length = shortestLength[range.family];
  const fault = `is shorter than /${length}: no one has so many ${range.family} addresses, so it opens what nobody thought of`;
  return problem(property, fault, tooLargeRemedy(hole, range), hole.cidr);
}

function tooLargeRemedy(hole: HoleArgs, range: AddressRange): string {
  if (hole.direction === HoleDirection.Ingress) {
    return "Give the range of the callers.";
  }
  return range.family === "IPv4"
    ? "Give the ranges of the services that are needed, or use the peer internet, which leaves the private and protected addresses closed."
    : "Give the ranges of the services that are needed; the peer internet opens IPv4 only.";
}

function openProblems(
  property: string,
  hole: HoleArgs,
  range: AddressRange,
  surroundings: AddressSurroundings,
): Problem[] {
  const open = subtract([range], exceptionsOf(hole));
  if (open.length === 0) {
    const remedy = "Leave the hole out, or except less.";
    return [problem(`${property}.except`, "leaves nothing open", remedy, hole.except)];
  }
  const closedToHole =
    targetOf(hole) === "nodes" ? closedToNodes(surroundings) : closedRanges(surroundings);
  return closedToHole.flatMap((closed) => {
    const overlap = describeOverlap(open, closed.range);
    const fault = `overlaps ${closed.name} (${closed.text}) in ${overlap}`;
    const remedy = `Choose a range without these addresses, or list them in ${property}.except.`;
    return problemUnless(overlap === undefined, `${property}.cidr`, fault, remedy, hole.cidr);
  });
}
