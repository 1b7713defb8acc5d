import { amountOf, quotaKey } from "secure-environment-isolation";
import { meshOf, sizeQuota, withSidecars } from "secure-environment/core";
import { type KubernetesObject } from "./kubernetesObject";

/** The most that quotas may grant, by Kubernetes' own keys. */
export type Ceilings = Readonly<Record<string, string>>;

/** A ceiling as it is written, and what it means. */
export interface Ceiling {
  readonly text: string;
  readonly amount: bigint;
}

/** The setting of policies that hold quotas below ceilings. */
export const ceilingsSetting = {
  type: "object",
  description:
    "The most by the keys of a ResourceQuota. Node ports, load balancers and devices without a ceiling have none; other keys without a ceiling are not bounded. In a namespace that is part of a mesh there is, on top, what the mesh puts into as many pods as `pods` says. Defaults to the size `large`.",
  additionalProperties: {
    type: "string",
    pattern: "^[0-9.]+([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$",
  },
  default: sizeQuota("large"),
} as const;

/** The ceilings in this namespace: a mesh puts a proxy into each of its pods. */
export function ceilingsIn(namespace: KubernetesObject | undefined, ceilings: Ceilings): Ceilings {
  return namespace === undefined ? ceilings : withSidecars(ceilings, meshOf(namespace.metadata));
}

const knownKeys = new Set(Object.keys(sizeQuota()).map(quotaKey));

/** What costs more than its share, or opens a door: none unless a ceiling says how many. */
const noneByDefault = [
  /^services\.(loadbalancers|nodeports)$/,
  /^requests\.[^/]+\/.+$/,
  /^requests\.hugepages-/,
  /\/devices$/,
];

/** The ceiling of a key, whichever of its names either has. */
export function ceilingOf(key: string, ceilings: Ceilings): Ceiling | undefined {
  const texts = Object.entries(ceilings)
    .filter(([other]) => quotaKey(other) === quotaKey(key))
    .map(([, text]) => text);
  if (texts.length === 0) {
    return noneByDefault.some((pattern) => pattern.test(key))
      ? { text: "0", amount: 0n }
      : undefined;
  }
  return texts
    .map((text) => ({ text, amount: amountOf(text) ?? 0n }))
    .reduce((least, other) => (other.amount < least.amount ? other : least));
}

/** The place of an entry; other keys than Kubernetes' own could be somebody's secret. */
export function hardEntry(key: string): string {
  return knownKeys.has(quotaKey(key)) ? `spec.hard["${key}"]` : "spec.hard";
}
