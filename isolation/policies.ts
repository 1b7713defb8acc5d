import { type Doubt, DoubtCollector } from "./doubts";
import type { NetworkPolicy } from "./objects";
import { everyoneBy, type Peer, readPeers } from "./peers";
import { everyPort, namesPorts, type PolicyPort, readPorts } from "./ports";
import { doubtful, everything, readSelector, type Selector } from "./selectors";
import { identityOf } from "./subjects";
import {
  isElement,
  isMissing,
  listOf,
  recordOf,
  type UnknownRecord,
} from "secure-environment/core";

export type Direction = "Ingress" | "Egress";

/** One rule of a policy, in one direction. */
export interface Rule {
  /** Such as `review-a/dns egress[0]`. */
  readonly name: string;
  readonly namespace: string;
  readonly peers: readonly Peer[];
  readonly ports: readonly PolicyPort[];
  /** Where the ports are written, such as `spec.egress[0].ports`. */
  readonly portsProperty: string;
  /** Whether each of them is written, so that none is open because it was left out. */
  readonly namesPorts: boolean;
}

/** What a policy means for one direction. */
export interface PolicySide {
  /** Whether the policy isolates the pods that it surely selects. */
  readonly isolates: boolean;
  /** What it opens for the pods that it may select. */
  readonly rules: readonly Rule[];
}

/** A NetworkPolicy, read once. */
export interface Policy {
  /** Such as `review-a/dns`. */
  readonly name: string;
  readonly namespace: string;
  readonly podSelector: Selector;
  readonly sides: Readonly<Record<Direction, PolicySide>>;
}

const rulesOf = {
  Ingress: { list: "ingress", peers: "from" },
  Egress: { list: "egress", peers: "to" },
} as const;

/**
 * Reads a policy so that a part that is not understood opens and never closes: the judgement must not
 * say "closed" because of a text that a network plugin may read in another way.
 */
export function readPolicy(policy: NetworkPolicy, found: Doubt[]): Policy {
  const { namespace, name } = identityOf(policy);
  const doubts = new DoubtCollector({ kind: policy.kind, namespace, name }, found);
  const fullName = `${namespace}/${name}`;
  if (!isElement(policy.spec ?? null)) {
    doubts.add("spec", policy.spec, "is no specification; it counts as opening everything");
    const openSide = { isolates: false, rules: [openRule(fullName, namespace, "spec")] };
    return {
      name: fullName,
      namespace,
      podSelector: doubtful,
      sides: { Ingress: openSide, Egress: openSide },
    };
  }
  const spec = recordOf(policy.spec);
  const types = readPolicyTypes(spec, doubts);
  const sideOf = (direction: Direction): PolicySide => ({
    isolates: types.known.includes(direction),
    rules:
      types.known.includes(direction) || types.isDoubtful
        ? readRules(spec, direction, { name: fullName, namespace, doubts })
        : [],
  });
  return {
    name: fullName,
    namespace,
    podSelector: isMissing(spec["podSelector"])
      ? everything
      : readSelector(spec["podSelector"], "spec.podSelector", doubts),
    sides: { Ingress: sideOf("Ingress"), Egress: sideOf("Egress") },
  };
}

/** Without the list, ingress is always meant, and egress when there are rules for it. */
function readPolicyTypes(
  { policyTypes, egress }: UnknownRecord,
  doubts: DoubtCollector,
): { readonly known: readonly unknown[]; readonly isDoubtful: boolean } {
  const isAbsent = isMissing(policyTypes) || (Array.isArray(policyTypes) && !policyTypes.length);
  if (isAbsent) {
    const hasEgress = !isMissing(egress) && !(Array.isArray(egress) && egress.length === 0);
    return { known: hasEgress ? ["Ingress", "Egress"] : ["Ingress"], isDoubtful: false };
  }
  const types = listOf(policyTypes);
  const isDirection = (type: unknown) => type === "Ingress" || type === "Egress";
  const isDoubtful = !Array.isArray(policyTypes) || !types.every(isDirection);
  if (isDoubtful) {
    const fault = "are not Ingress, Egress or both; the policy counts as opening, not as closing";
    doubts.add("spec.policyTypes", policyTypes, fault);
  }
  return { known: types.filter(isDirection), isDoubtful };
}

function readRules(
  spec: UnknownRecord,
  direction: Direction,
  policy: {
    readonly name: string;
    readonly namespace: string;
    readonly doubts: DoubtCollector;
  },
): Rule[] {
  const { list, peers } = rulesOf[direction];
  const { namespace, doubts } = policy;
  const rules = spec[list];
  if (!isMissing(rules) && !Array.isArray(rules)) {
    doubts.add(`spec.${list}`, rules, "is no list of rules; it counts as opening everything");
    return [openRule(`${policy.name} ${list}`, namespace, `spec.${list}`)];
  }
  return listOf(rules).map((element, index) => {
    const name = `${policy.name} ${list}[${index}]`;
    const property = `spec.${list}[${index}]`;
    if (!isElement(element)) {
      doubts.add(property, element, "is no rule; it counts as opening everything");
    }
    const rule = recordOf(element);
    return {
      name,
      namespace,
      peers: readPeers(rule[peers], `${property}.${peers}`, doubts),
      ports: readPorts(rule["ports"], `${property}.ports`, doubts),
      portsProperty: `${property}.ports`,
      namesPorts: namesPorts(rule["ports"]),
    };
  });
}

function openRule(name: string, namespace: string, property: string): Rule {
  return {
    name,
    namespace,
    peers: [everyoneBy(property)],
    ports: everyPort,
    portsProperty: property,
    namesPorts: false,
  };
}
