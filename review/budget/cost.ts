import { one, parseQuantity } from "secure-environment/core";
import { type QuotaUse, type QuotaUses } from "../cluster/quotas";
import { type Prices } from "../settings/prices";

/** What environments cost in a day, in the currency of the prices, rounded up to hundredths. */
export interface CostPerDay {
  readonly currency: string;
  /** If all that their quotas let them request is requested. */
  readonly most: number;
  /** By what is requested now. */
  readonly now: number;
}

const hoursOfDay = 24n;
const hundredths = 100n;
const gibibyte = 1024n ** 3n;

/**
 * What environments cost together in a day. It is reckoned exactly and rounded once, so the cost of several
 * may be less than the sum of their costs.
 *
 * @param quotas of each of them; what a quota does not have costs nothing.
 */
export function costPerDay(quotas: readonly QuotaUses[], prices: Prices): CostPerDay {
  const cost = (side: keyof QuotaUse) =>
    rounded(quotas.reduce((sum, quota) => sum + exactCost(quota, side, prices), 0n));
  return { currency: prices.currency, most: cost("hard"), now: cost("used") };
}

/** In words, such as `at most 3.12 EUR a day, now 0.40 EUR`. */
export function describeCost({ currency, most, now }: CostPerDay): string {
  return `at most ${most.toFixed(2)} ${currency} a day, now ${now.toFixed(2)} ${currency}`;
}

/** Billionths of a gibibyte or a CPU, times billionths of the currency, for an hour. */
function exactCost(quota: QuotaUses, side: keyof QuotaUse, prices: Prices): bigint {
  const { cpuHour, memoryGibibyteHour, storageGibibyteHour } = prices;
  const parts: readonly (readonly [string, number, bigint])[] = [
    ["requests.cpu", cpuHour, gibibyte],
    ["requests.memory", memoryGibibyteHour, 1n],
    ["requests.storage", storageGibibyteHour, 1n],
  ];
  return parts.reduce((sum, [resource, price, unit]) => {
    const amount = parseQuantity(quota[resource]?.[side] ?? "") ?? 0n;
    return sum + amount * unit * (parseQuantity(String(price)) ?? 0n);
  }, 0n);
}

/** For a day, and never less than it is. */
function rounded(hour: bigint): number {
  const unit = one * one * gibibyte;
  const cost = hour * hoursOfDay * hundredths;
  return Number((cost + unit - 1n) / unit) / Number(hundredths);
}
