import { type AddressRange, intersection } from "secure-environment/core";

import type { Cluster } from "./cluster";
import type { Peer } from "./peers";
import type { PodFacts } from "./pods";
import type { Direction, Policy, Rule } from "./policies";
import { mayMatch, type Selector, surelyMatches } from "./selectors";

/** What the policies of its namespace say about one direction of a pod. */
export interface Side {
  /** The policies that isolate the pod; without any, everything is allowed. */
  readonly isolatedBy: readonly string[];
  readonly rules: readonly Rule[];
}

const untouched: Side = { isolatedBy: [], rules: [] };

/** Answers the questions that every judgement is made of. */
export class Evaluation {
  private readonly sides = {
    Ingress: new Map<PodFacts, Side>(),
    Egress: new Map<PodFacts, Side>(),
  };
  private readonly namespaceMatches = new Map<Selector, Map<string, boolean>>();

  constructor(
    readonly cluster: Cluster,
    private readonly ipBlocksMatchPods: boolean,
  ) {}

  /**
   * Policies select no pod on its node's network: the specification leaves that undefined, and
   * most plugins see the node there.
   * See https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-and-hostnetwork-pods
   */
  sideOf(pod: PodFacts, direction: Direction): Side {
    const known = this.sides[direction].get(pod);
    if (known !== undefined) {
      return known;
    }
    const policies = this.cluster.policies.get(pod.namespace) ?? [];
    const side = pod.hostNetwork ? untouched : combine(policies, pod, direction);
    this.sides[direction].set(pod, side);
    return side;
  }

  /** Whether one of the peers of the rule is the pod. */
  matchesPod(rule: Rule, pod: PodFacts): boolean {
    return rule.peers.some((peer) => this.isPeer(peer, rule.namespace, pod));
  }

  /** Whether the peer, in a policy of that namespace, is the pod. */
  isPeer(peer: Peer, policyNamespace: string, pod: PodFacts): boolean {
    switch (peer.kind) {
      case "everyone":
        return true;
      case "addresses":
        return this.ipBlocksMatchPods && overlap(peer.ranges, pod.addresses);
      case "pods":
        return (
          !pod.hostNetwork &&
          this.mayHold(peer, policyNamespace, pod.namespace) &&
          mayMatch(peer.pods, pod.labels)
        );
    }
  }

  /** Whether the peer, in a policy of that namespace, can be a pod of the other namespace. */
  mayHold(peer: Peer, policyNamespace: string, namespace: string): boolean {
    if (peer.kind !== "pods") {
      return true;
    }
    return peer.namespaces === undefined
      ? namespace === policyNamespace
      : this.matchesNamespace(peer.namespaces, namespace);
  }

  private matchesNamespace(selector: Selector, namespace: string): boolean {
    let matches = this.namespaceMatches.get(selector);
    if (matches === undefined) {
      matches = new Map();
      this.namespaceMatches.set(selector, matches);
    }
    let isMatch = matches.get(namespace);
    if (isMatch === undefined) {
      isMatch = mayMatch(selector, this.cluster.namespaceLabels(namespace));
      matches.set(namespace, isMatch);
    }
    return isMatch;
  }
}

/** Whether one of the peers of the rule is outside the cluster and has the address. */
export function matchesAddress(rule: Rule, address: AddressRange): boolean {
  return rule.peers.some(
    (peer) =>
      peer.kind === "everyone" || (peer.kind === "addresses" && overlap(peer.ranges, [address])),
  );
}

/** Policies only add up: one that selects the pod isolates it, and the rules of all open. */
function combine(policies: readonly Policy[], pod: PodFacts, direction: Direction): Side {
  return {
    isolatedBy: policies
      .filter(
        ({ sides, podSelector }) =>
          sides[direction].isolates && surelyMatches(podSelector, pod.labels),
      )
      .map(({ name }) => name),
    rules: policies
      .filter(({ podSelector }) => mayMatch(podSelector, pod.labels))
      .flatMap(({ sides }) => sides[direction].rules),
  };
}

function overlap(some: readonly AddressRange[], others: readonly AddressRange[]): boolean {
  return some.some((one) => others.some((other) => intersection(one, other) !== undefined));
}
