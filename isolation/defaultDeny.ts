import { toCidrs } from "secure-environment/core";

import type { Cluster } from "./cluster";
import { type Coverage, coverageOf } from "./coverage";
import type { LabelSelector } from "./objects";
import type { Peer } from "./peers";
import type { Direction } from "./policies";
import type { PolicyPort } from "./ports";
import { addressesOf } from "./reach";
import { everything, type Selector } from "./selectors";

/** Pods that a rule opens, in the words of a NetworkPolicy. */
export interface OpenedPods {
  /** Left out for the namespace of the policy. */
  readonly namespaceSelector?: LabelSelector;
  readonly podSelector: LabelSelector;
}

/** What one rule opens, independent of the pods that exist. */
export interface RuleOpening {
  /** Such as `review-a/dns egress[0]`. */
  readonly rule: string;
  /** The pods of the namespace that it opens. */
  readonly podSelector: LabelSelector;
  /** Addresses outside the cluster, as the fewest ranges. */
  readonly addresses: readonly string[];
  /** Pods of the cluster. What of a selector is not understood is left out, so it opens more. */
  readonly pods: readonly OpenedPods[];
  readonly ports: readonly PolicyPort[];
}

/** Whether a namespace is closed in one direction but for what its policies open. */
export interface DefaultDeny {
  /**
   * Whether policies of this direction select every pod that could ever be in the namespace, but
   * those on their node's network. `false` too when there are too many combinations to decide.
   */
  readonly denies: boolean;
  /** The policies of this direction, which close together. */
  readonly by: readonly string[];
  /** Labels of a pod that no policy of this direction selects, when there is one. */
  readonly escaping?: Readonly<Record<string, string>>;
  readonly openings: readonly RuleOpening[];
}

/** Judges the policies of a namespace by what they mean for any pod, whether it exists or not. */
export function judgeDefault(
  { policies }: Cluster,
  namespace: string,
  direction: Direction,
): DefaultDeny {
  const all = policies.get(namespace) ?? [];
  const closing = all.filter(({ sides }) => sides[direction].isolates);
  const coverage = coverageOf(closing.map(({ podSelector }) => podSelector));
  return {
    denies: coverage.covers === "everything",
    by: closing.filter(({ podSelector }) => !podSelector.isDoubtful).map(({ name }) => name),
    ...escapeOf(coverage),
    openings: all.flatMap(({ podSelector, sides }) =>
      sides[direction].rules.map((rule) => ({
        rule: rule.name,
        podSelector: written(podSelector),
        addresses: toCidrs(addressesOf(rule)),
        pods: rule.peers.flatMap(openedPods),
        ports: rule.ports,
      })),
    ),
  };
}

function escapeOf(coverage: Coverage): Pick<DefaultDeny, "escaping"> {
  return coverage.covers === "not everything" ? { escaping: coverage.escaping } : {};
}

function openedPods(peer: Peer): OpenedPods[] {
  switch (peer.kind) {
    case "everyone":
      return [{ namespaceSelector: written(everything), podSelector: written(everything) }];
    case "addresses":
      return [];
    case "pods":
      return [
        {
          ...(peer.namespaces === undefined ? {} : { namespaceSelector: written(peer.namespaces) }),
          podSelector: written(peer.pods),
        },
      ];
  }
}

/** A selector in Kubernetes' words, without what is not understood. */
function written({ requirements }: Selector): LabelSelector {
  return requirements.length === 0
    ? {}
    : {
        matchExpressions: requirements.map(({ key, operator, values }) => ({
          key,
          operator,
          ...(values.size === 0 ? {} : { values: [...values] }),
        })),
      };
}
