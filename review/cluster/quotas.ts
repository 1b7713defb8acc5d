import { type Amounts, objectNames } from "secure-environment/core";
import { type Cluster, telling } from "./cluster";
import { listAll } from "./lists";

/** A ResourceQuota, in the parts that are looked at. */
export interface FoundQuota {
  readonly metadata?: { readonly namespace?: string };
  readonly spec?: { readonly hard?: Amounts };
  readonly status?: { readonly hard?: Amounts; readonly used?: Amounts };
}

/**
 * The main quotas of environments; `undefined` when these credentials may not list quotas of the whole
 * cluster.
 *
 * @param labelSelector of which environments.
 * @throws ReviewError when they cannot be listed.
 */
export function environmentQuotas(
  cluster: Cluster,
  labelSelector: string,
): Promise<readonly FoundQuota[] | undefined> {
  return telling("The list of resourcequotas", async () =>
    listAll<FoundQuota>(await cluster.api(), "/api/v1/resourcequotas", {
      labelSelector,
      fieldSelector: `metadata.name=${objectNames.quota}`,
    }),
  );
}

/** What is used of a resource, and the most that may be, as Kubernetes writes both. */
export interface QuotaUse {
  readonly used: string;
  readonly hard: string;
}

/** What is used of all that a quota has, by Kubernetes' own keys. */
export type QuotaUses = Readonly<Record<string, QuotaUse>>;

/** Joins what a quota has with what is used of it. */
export function quotaUses(hard: Amounts = {}, used: Amounts = {}): QuotaUses {
  return Object.fromEntries(
    Object.entries(hard).map(([resource, most]) => [
      resource,
      { used: used[resource] ?? "0", hard: most },
    ]),
  );
}
