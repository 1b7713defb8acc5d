import { type PeerOpening, peerOpenings } from "secure-environment-isolation";
import {
  type AddressRange,
  cidrListProblems,
  intersection,
  isWithin,
  type NamedRange,
  parseCidr,
  probeAddresses,
  problem,
  toCidrs,
} from "secure-environment/core";
import { type Violation } from "./policy";
import { isOfKind, networkPolicyKinds } from "./kinds";
import { type JudgedResource } from "./judgedResource";
import { kubernetesObject } from "./kubernetesObject";

/** A setting that is a list of ranges. */
export const cidrList = (description: string) => ({
  type: "array" as const,
  description,
  items: { type: "string" as const, minLength: 1 },
  default: [],
});

/** The setting that both policies about openings have. */
export const protectedCidrs = cidrList(
  "Ranges of addresses that no environment may reach, such as those of production.",
);

/** What a NetworkPolicy opens, and what keeps anybody from telling. */
export type Openings = ReturnType<typeof peerOpenings>;

const rangeSettings = ["clusterCidrs", "protectedCidrs", "resolverCidrs"] as const;
type RangeSettings = { readonly [Key in (typeof rangeSettings)[number]]?: readonly string[] };

/** Judges what a NetworkPolicy opens, if the settings can be relied on. */
export function judgeNetworkPolicy(
  resource: JudgedResource,
  settings: RangeSettings,
  judge: (openings: Openings) => Violation[],
): Violation[] {
  const object = kubernetesObject(resource);
  if (object === undefined || !isOfKind(object, networkPolicyKinds)) {
    return [];
  }
  const problems = rangeSettings.flatMap((name) => cidrListProblems(name, settings[name]));
  return problems.length > 0
    ? problems.map(({ property, fault, remedy }) =>
        problem("", `is not judged, as the setting ${property} ${fault}`, remedy),
      )
    : oneByProperty(judge(peerOpenings({ ...object.properties, kind: "NetworkPolicy" })));
}

/** What cannot be read opens both directions: it is told once. */
function oneByProperty(violations: readonly Violation[]): Violation[] {
  const key = ({ property, fault }: Violation) => `${property} ${fault}`;
  return [...new Map(violations.map((violation) => [key(violation), violation])).values()];
}

/** Whether the kubelet's probes in a mesh are let in, which come from addresses of their own. */
export function isProbe({ direction, peer }: PeerOpening): boolean {
  const probes = probeAddresses.flatMap((text) => parseCidr(text) ?? []);
  return (
    direction === "Ingress" &&
    peer.kind === "addresses" &&
    peer.ranges.every((range) => probes.some((one) => isWithin(range, one)))
  );
}

/**
 * The others that share addresses with the ranges, such as `10.0.0.0/8 (the private addresses)`. They
 * are told whole: what is shared may say a secret range of the program.
 */
export function overlapsOf(
  ranges: readonly AddressRange[],
  others: readonly NamedRange[],
): string[] {
  return others
    .filter(({ range }) => ranges.some((one) => intersection(one, range) !== undefined))
    .map(({ name, range }) => `${toCidrs([range]).join(", ")} (${name})`);
}

/** The first of the texts, and how many there are besides. */
export function listed(texts: readonly string[]): string {
  const most = 3;
  const rest = texts.length - most;
  return [...texts.slice(0, most), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

/** How many addresses there are in ranges that do not overlap. */
export function sizeOf(merged: readonly AddressRange[]): bigint {
  return merged.reduce((size, { first, last }) => size + last - first + 1n, 0n);
}
