import {
  type AddressRange,
  everyAddress,
  isElement,
  isMissing,
  isRecord,
  isWithin,
  listOf,
  parseCidr,
  recordOf,
  subtract,
} from "secure-environment/core";

import type { DoubtCollector } from "./doubts";
import { readSelector, everything, type Selector } from "./selectors";

/** One peer of a rule: everyone, the addresses of an `ipBlock`, or pods by their labels. */
export type Peer = {
  /** Where it is written, such as `spec.ingress[0].from[1]`. */
  readonly property: string;
} & (
  | { readonly kind: "everyone" }
  | { readonly kind: "addresses"; readonly ranges: readonly AddressRange[] }
  | {
      readonly kind: "pods";
      /** Left out for the namespace of the policy. */
      readonly namespaces?: Selector;
      readonly pods: Selector;
    }
);

export const everyAddressRange: readonly AddressRange[] = [
  everyAddress("IPv4"),
  everyAddress("IPv6"),
];

/** Everyone, as something is missing there or cannot be understood. */
export function everyoneBy(property: string): Peer {
  return { property, kind: "everyone" };
}

/** Reads the peers of a rule. Missing or empty, they are everyone. */
export function readPeers(value: unknown, property: string, doubts: DoubtCollector): Peer[] {
  if (isMissing(value) || (Array.isArray(value) && value.length === 0)) {
    return [everyoneBy(property)];
  }
  if (!Array.isArray(value)) {
    doubts.add(property, value, "is no list of peers; it counts as everyone");
    return [everyoneBy(property)];
  }
  return value.map((peer, index) => readPeer(peer, `${property}[${index}]`, doubts));
}

/** See ValidateNetworkPolicyPeer in k8s.io/kubernetes/pkg/apis/networking/validation */
function readPeer(value: unknown, property: string, doubts: DoubtCollector): Peer {
  const { ipBlock, namespaceSelector, podSelector } = recordOf(value);
  const selectsPods = !isMissing(namespaceSelector) || !isMissing(podSelector);
  if (!isElement(value) || isMissing(ipBlock) !== selectsPods) {
    const fault = "must have either an ipBlock or selectors; it counts as everyone";
    doubts.add(property, value, fault);
    return everyoneBy(property);
  }
  if (!selectsPods) {
    return readIpBlock(ipBlock, property, doubts);
  }
  const read = (selector: unknown, name: string) =>
    readSelector(selector, `${property}.${name}`, doubts);
  return {
    property,
    kind: "pods",
    ...(isMissing(namespaceSelector)
      ? {}
      : { namespaces: read(namespaceSelector, "namespaceSelector") }),
    pods: isMissing(podSelector) ? everything : read(podSelector, "podSelector"),
  };
}

function readIpBlock(value: unknown, property: string, doubts: DoubtCollector): Peer {
  const { cidr, except } = recordOf(value);
  const range = typeof cidr === "string" ? parseCidr(cidr) : undefined;
  if (!isRecord(value) || range === undefined) {
    const fault = "is no range in its plain form; it counts as everyone";
    doubts.add(`${property}.ipBlock.cidr`, isRecord(value) ? cidr : value, fault);
    return everyoneBy(property);
  }
  return {
    property,
    kind: "addresses",
    ranges: subtract([range], readExcept(except, range, `${property}.ipBlock`, doubts)),
  };
}

/** What cannot be read does not take anything out. */
function readExcept(
  value: unknown,
  range: AddressRange,
  property: string,
  doubts: DoubtCollector,
): AddressRange[] {
  if (!isMissing(value) && !Array.isArray(value)) {
    doubts.add(`${property}.except`, value, "is no list; it counts as no exception");
  }
  return listOf(value).flatMap((text, index) => {
    const excepted = typeof text === "string" ? parseCidr(text) : undefined;
    if (excepted !== undefined && isWithin(excepted, range)) {
      return [excepted];
    }
    const fault = "is no range in its plain form within the cidr; it counts as no exception";
    doubts.add(`${property}.except[${index}]`, text, fault);
    return [];
  });
}
