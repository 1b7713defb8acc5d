import { subtract, toCidrs, intersection, parseCidr } from "../../../core/addresses";
import { openAddresses } from "./addresses";
import { openHoles, type ResolvedHole } from "./holes";
import { type HoleArgs, HolePeer } from "../networkArgs";
import { type OpenHole } from "./openHole";
import { coverPorts, sharePorts } from "./ports";

/**
 * What is allowed and yet worth a sentence: holes that have expired, that repeat each other, or
 * that contradict each other, and what a hole for nodes opens.
 *
 * @param given the holes as they were given, with what they except.
 */
export function holeReports(
  resolved: readonly ResolvedHole[],
  given: readonly HoleArgs[] = [],
): string[] {
  const open = openHoles(resolved);
  return [
    ...resolved.filter(({ state }) => state === "expired").map(({ hole }) => expiredReport(hole)),
    ...open.filter(({ name }) => isForNodes(name, given)).map(nodesReport),
    ...pairs(open).flatMap(([one, other]) => repetitionReports(one, other)),
    ...pairs(open).flatMap(([one, other]) => [
      ...exceptionReports(one, other, given),
      ...exceptionReports(other, one, given),
    ]),
  ];
}

function pairs<Item>(items: readonly Item[]): (readonly [Item, Item])[] {
  return items.flatMap((one, index) =>
    items.slice(index + 1).map((other) => [one, other] as const),
  );
}

function expiredReport({ name, expiresAt }: OpenHole): string {
  return `The hole ${name} expired at ${expiresAt} and is left out.`;
}

function isForNodes(name: string, given: readonly HoleArgs[]): boolean {
  return given.some((hole) => hole.name === name && hole.peer === HolePeer.Nodes);
}

/** Network policies know the nodes' addresses, not which of the many things there sends. */
function nodesReport({ name }: OpenHole): string {
  return `The hole ${name} lets in whatever has the address of one of its nodes: the kubelet, every pod on the node's own network, and what comes through a node port, other environments included.`;
}

/** At most one sentence about two holes of which one opens all that the other does. */
function repetitionReports(one: OpenHole, other: OpenHole): string[] {
  const reports = [
    ...(covers(one, other) ? coveredReports(other, one) : []),
    ...(covers(other, one) ? coveredReports(one, other) : []),
  ];
  return reports.slice(0, 1);
}

/** A hole that outlives the one that covers it has its use later. */
function coveredReports(inner: OpenHole, outer: OpenHole): string[] {
  if (inner.expiresAt === outer.expiresAt) {
    return [`The hole ${inner.name} opens nothing that the hole ${outer.name} does not open.`];
  }
  if (inner.expiresAt === undefined || endOf(outer) < endOf(inner)) {
    return [];
  }
  const until = outer.expiresAt === undefined ? "without an expiry" : `until ${outer.expiresAt}`;
  return [
    `The expiry of the hole ${inner.name} at ${inner.expiresAt} has no effect: the hole ${outer.name} opens the same ${until}.`,
  ];
}

/** After every instant: digits are before letters. */
function endOf({ expiresAt = "never" }: OpenHole): string {
  return expiresAt;
}

function covers(outer: OpenHole, inner: OpenHole): boolean {
  return (
    outer.direction === inner.direction &&
    selectsAll(outer.podLabels, inner.podLabels) &&
    coversPods(outer, inner) &&
    coversAddresses(outer, inner) &&
    coverPorts(outer.ports, inner.ports)
  );
}

/** Whether every pod with the inner labels has the outer ones. */
function selectsAll(outer: OpenHole["podLabels"], inner: OpenHole["podLabels"]): boolean {
  return Object.entries(outer).every(([key, value]) => inner[key] === value);
}

function coversPods({ podPeer: outer }: OpenHole, { podPeer: inner }: OpenHole): boolean {
  return (
    inner === undefined ||
    (outer?.namespace === inner.namespace &&
      outer.meshed === inner.meshed &&
      selectsAll(outer.podLabels, inner.podLabels))
  );
}

function coversAddresses(outer: OpenHole, inner: OpenHole): boolean {
  return (
    subtract(openAddresses(inner.addressPeers), openAddresses(outer.addressPeers)).length === 0
  );
}

/** Says what the first hole excepts and the second one opens for some of the same pods and ports. */
function exceptionReports(one: OpenHole, other: OpenHole, holes: readonly HoleArgs[]): string[] {
  const isRelated =
    one.direction === other.direction &&
    canSelectTheSame(one.podLabels, other.podLabels) &&
    sharePorts(one.ports, other.ports);
  const excepted = holes.find(({ name }) => name === one.name)?.except ?? [];
  const opened = excepted.flatMap((text) => {
    const exception = parseCidr(text);
    return exception === undefined
      ? []
      : openAddresses(other.addressPeers).flatMap((range) => intersection(range, exception) ?? []);
  });
  return isRelated && opened.length > 0
    ? [
        `The hole ${other.name} opens ${toCidrs(opened).join(", ")}, which the hole ${one.name} excepts.`,
      ]
    : [];
}

/** Whether a pod can have the labels of both. */
function canSelectTheSame(one: OpenHole["podLabels"], other: OpenHole["podLabels"]): boolean {
  return Object.entries(one).every(
    ([key, value]) => !Object.hasOwn(other, key) || other[key] === value,
  );
}
