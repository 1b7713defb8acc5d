import { type AddressRange, toCidrs } from "secure-environment/core";

import { hasBit } from "./bits";
import type { Evaluation } from "./evaluation";
import { groupBy } from "./groups";
import { everyAddressRange } from "./peers";
import type { PodClass, PodClasses } from "./podClasses";
import type { PodFacts } from "./pods";
import type { Direction, Rule } from "./policies";
import { everyPort, noNames, type PortNames, type PortRange, rangesOn } from "./ports";
import { type OnPorts, regionsOf } from "./portRegions";

/** What is open between pods of a namespace and something outside of it. */
interface Opening {
  /** The pods of the namespace. */
  readonly pods: readonly string[];
  readonly ports: readonly PortRange[];
  /** The rules of both sides that open it; none where no policy isolates. */
  readonly by: readonly string[];
}

/** Addresses outside the cluster, as the fewest ranges. On a port, a pod has one such opening. */
export interface AddressOpening extends Opening {
  readonly addresses: readonly string[];
}

/** Pods of other namespaces. */
export interface PodOpening extends Opening {
  readonly otherPods: readonly string[];
}

/** All that is open in one direction. */
export interface Openings {
  readonly addresses: readonly AddressOpening[];
  readonly pods: readonly PodOpening[];
}

/** What goes through the walls of a namespace. */
export interface NamespaceReach {
  /** What outside can reach inside. */
  readonly ingress: Openings;
  /** What inside can reach outside. */
  readonly egress: Openings;
  /** Pods on their node's network, which no policy holds; all of it is open to them. */
  readonly hostNetworkPods: readonly string[];
}

const opposite = { Ingress: "Egress", Egress: "Ingress" } as const;

/** Works out what goes through the walls of a namespace, with the pods that are there. */
export function reachOf(
  evaluation: Evaluation,
  classes: PodClasses,
  namespace: string,
): NamespaceReach {
  const inside = classes.all.filter(({ pod }) => pod.namespace === namespace);
  const outside = classes.all.filter(({ pod }) => pod.namespace !== namespace);
  const openings = (direction: Direction): Openings => ({
    addresses: mergePods(inside.flatMap((one) => addressOpenings(evaluation, one, direction))),
    pods: mergePods(
      inside.flatMap((one) => podOpenings(evaluation, classes, one, outside, direction)),
    ),
  });
  return {
    ingress: openings("Ingress"),
    egress: openings("Egress"),
    hostNetworkPods: inside.filter(({ pod }) => pod.hostNetwork).flatMap(namesOf),
  };
}

/** What one side opens: a rule, or the absence of policies. */
interface Permit {
  readonly by: readonly string[];
  readonly direction: Direction;
  readonly addresses: readonly AddressRange[];
}

function addressOpenings(
  evaluation: Evaluation,
  inside: PodClass,
  direction: Direction,
): AddressOpening[] {
  const names = direction === "Ingress" ? inside.pod.portNames : noNames;
  const permits = permitsOf(evaluation, inside.pod, direction, names, (rule) =>
    rule.peers.some(({ kind }) => kind !== "pods"),
  );
  return regionsOf(permits).flatMap(({ values, ports }) => {
    const addresses = toCidrs(values.flatMap((permit) => permit.addresses));
    const by = values.flatMap((permit) => permit.by);
    return addresses.length === 0 ? [] : [{ pods: namesOf(inside), addresses, ports, by }];
  });
}

function podOpenings(
  evaluation: Evaluation,
  classes: PodClasses,
  inside: PodClass,
  outside: readonly PodClass[],
  direction: Direction,
): PodOpening[] {
  const openings = outside.flatMap((other) =>
    sharedRegions(
      permitsTo(evaluation, classes, inside, other, direction),
      // Most pods are no peer, so the other side is seldom asked.
      () => permitsTo(evaluation, classes, other, inside, opposite[direction]),
    ).map((region) => ({ ...region, pods: namesOf(inside), otherPods: namesOf(other) })),
  );
  const alike = groupBy(openings, ({ ports, by }) => JSON.stringify([ports, by]));
  return [...alike.values()].map((group) => ({
    ...group[0],
    otherPods: group.flatMap(({ otherPods }) => otherPods),
  }));
}

/** What one side opens towards the other one. Ports are those of the pod that is the target. */
function permitsTo(
  evaluation: Evaluation,
  classes: PodClasses,
  { pod }: PodClass,
  other: PodClass,
  direction: Direction,
): OnPorts<Permit>[] {
  const { portNames } = direction === "Ingress" ? pod : other.pod;
  return permitsOf(evaluation, pod, direction, portNames, (rule) =>
    hasBit(classes.peersOf(rule), other.index),
  );
}

/** The ports that both sides open, with the rules of the source first. */
function sharedRegions(
  own: readonly OnPorts<Permit>[],
  others: () => readonly OnPorts<Permit>[],
): Omit<Opening, "pods">[] {
  return own.length === 0
    ? []
    : regionsOf([...own, ...others()])
        .filter(({ values }) => new Set(values.map(({ direction }) => direction)).size === 2)
        .map(({ values, ports }) => ({
          ports,
          by: values.toSorted(byDirection).flatMap(({ by }) => by),
        }));
}

function byDirection(one: Permit, other: Permit): number {
  return one.direction < other.direction ? -1 : Number(one.direction > other.direction);
}

function permitsOf(
  evaluation: Evaluation,
  pod: PodFacts,
  direction: Direction,
  names: PortNames,
  matches: (rule: Rule) => boolean,
): OnPorts<Permit>[] {
  const { isolatedBy, rules } = evaluation.sideOf(pod, direction);
  if (isolatedBy.length === 0) {
    return [{ value: { by: [], direction, addresses: everyAddressRange }, ports: everyPort }];
  }
  return rules.filter(matches).map((rule) => ({
    value: { by: [rule.name], direction, addresses: addressesOf(rule) },
    ports: rangesOn(rule.ports, names),
  }));
}

/** The addresses outside the cluster that a rule opens. */
export function addressesOf({ peers }: Rule): readonly AddressRange[] {
  return peers.flatMap((peer): readonly AddressRange[] => {
    switch (peer.kind) {
      case "everyone":
        return everyAddressRange;
      case "addresses":
        return peer.ranges;
      case "pods":
        return [];
    }
  });
}

/** One opening for all pods of the namespace for which the same is open. */
function mergePods<Kind extends Opening>(openings: readonly Kind[]): Kind[] {
  const alike = groupBy(openings, (opening) => JSON.stringify({ ...opening, pods: [] }));
  return [...alike.values()].map((group) => ({
    ...group[0],
    pods: group.flatMap(({ pods }) => pods),
  }));
}

function namesOf({ members }: PodClass): string[] {
  return members.map(({ name }) => name);
}
