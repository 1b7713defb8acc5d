import { type AddressRange, toCidrs } from "secure-environment/core";

import { addBits, type Bits, emptyBits, setBit } from "./bits";
import type { Cluster } from "./cluster";
import type { Evaluation } from "./evaluation";
import { groupBy } from "./groups";
import type { Peer } from "./peers";
import type { PodFacts } from "./pods";
import type { Rule } from "./policies";
import type { Selector } from "./selectors";

/** Pods that no policy among the objects can tell apart. */
export interface PodClass {
  readonly index: number;
  /** Any of them; what holds for it holds for all. */
  readonly pod: PodFacts;
  readonly members: readonly PodFacts[];
}

/** All pods in classes, so that a question is answered once for each class. */
export class PodClasses {
  readonly all: readonly PodClass[];
  private readonly byNamespace: ReadonlyMap<string, readonly PodClass[]>;
  private readonly byPod = new Map<PodFacts, PodClass>();
  private readonly peers = new Map<string, Bits>();
  private readonly ruleBits = new Map<Rule, Bits>();

  constructor(private readonly evaluation: Evaluation) {
    this.all = classify(evaluation.cluster);
    this.byNamespace = groupBy(this.all, ({ pod }) => pod.namespace);
    for (const podClass of this.all) {
      podClass.members.forEach((pod) => this.byPod.set(pod, podClass));
    }
  }

  /** The number of the pod's class. */
  indexOf(pod: PodFacts): number {
    return this.byPod.get(pod)?.index ?? -1;
  }

  /** The classes of pods for which something holds. */
  where(holds: (pod: PodFacts) => boolean): Bits {
    return this.bitsOf(this.all.filter(({ pod }) => holds(pod)));
  }

  /** The classes that are a peer of the rule. */
  peersOf(rule: Rule): Bits {
    let bits = this.ruleBits.get(rule);
    if (bits === undefined) {
      bits = emptyBits(this.all.length);
      for (const peer of rule.peers) {
        addBits(bits, this.bitsOfPeer(peer, rule.namespace));
      }
      this.ruleBits.set(rule, bits);
    }
    return bits;
  }

  /** Many policies have the same peers, which then are looked for once. */
  private bitsOfPeer(peer: Peer, policyNamespace: string): Bits {
    const key = peerKey(peer, policyNamespace);
    let bits = this.peers.get(key);
    if (bits === undefined) {
      const candidates = [...this.byNamespace]
        .filter(([namespace]) => this.evaluation.mayHold(peer, policyNamespace, namespace))
        .flatMap(([, classes]) => classes);
      bits = this.bitsOf(
        candidates.filter(({ pod }) => this.evaluation.isPeer(peer, policyNamespace, pod)),
      );
      this.peers.set(key, bits);
    }
    return bits;
  }

  private bitsOf(classes: readonly PodClass[]): Bits {
    const bits = emptyBits(this.all.length);
    classes.forEach(({ index }) => setBit(bits, index));
    return bits;
  }
}

/** Equal for peers that are the same pods. */
function peerKey(peer: Peer, policyNamespace: string): string {
  switch (peer.kind) {
    case "everyone":
      return peer.kind;
    case "addresses":
      return toCidrs(peer.ranges).join();
    case "pods":
      return JSON.stringify(
        peer.namespaces === undefined
          ? [policyNamespace, requirementsOf(peer.pods)]
          : [requirementsOf(peer.namespaces), requirementsOf(peer.pods)],
      );
  }
}

function requirementsOf({ requirements }: Selector): unknown {
  return requirements.map(({ key, operator, values }) => [key, operator, ...values]);
}

function classify(cluster: Cluster): readonly PodClass[] {
  const boundaries = boundariesOf(cluster);
  const groups = groupBy([...cluster.pods.values()], (pod) => keyOf(pod, boundaries));
  return [...groups.values()].map((members, index) => ({ index, pod: members[0], members }));
}

function keyOf(pod: PodFacts, boundaries: readonly bigint[]): string {
  return JSON.stringify([
    pod.namespace,
    pod.hostNetwork,
    pod.labels.complete,
    [...pod.labels.known].sort(byKey),
    [...pod.portNames].sort(byKey),
    pod.addresses.map(({ family, first, last }) => [
      family,
      segmentOf(first, boundaries),
      segmentOf(last, boundaries),
    ]),
  ]);
}

/** Where a range of some policy begins or has ended. Between two of these, addresses are alike. */
function boundariesOf({ policies }: Cluster): readonly bigint[] {
  const ranges = [...policies.values()]
    .flat()
    .flatMap(({ sides }) => [...sides.Ingress.rules, ...sides.Egress.rules])
    .flatMap(({ peers }) => peers)
    .flatMap((peer): readonly AddressRange[] => (peer.kind === "addresses" ? peer.ranges : []));
  const boundaries = new Set(ranges.flatMap(({ first, last }) => [first, last + 1n]));
  return [...boundaries].sort((one, other) => (one < other ? -1 : Number(one > other)));
}

/** How many boundaries lie at or before the address. */
function segmentOf(address: bigint, boundaries: readonly bigint[]): number {
  let [low, high] = [0, boundaries.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((boundaries[middle] ?? 0n) <= address) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : Number(one > other);
}
