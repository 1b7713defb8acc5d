import { isRecord, parseQuantity } from "secure-environment/core";

/** What an hour costs of what environments request, in one currency. */
export interface Prices {
  /** By its code in ISO 4217, such as `EUR`. */
  readonly currency: string;
  readonly cpuHour: number;
  readonly memoryGibibyteHour: number;
  readonly storageGibibyteHour: number;
}

const rates = ["cpuHour", "memoryGibibyteHour", "storageGibibyteHour"] as const;
const keys: readonly string[] = ["currency", ...rates] satisfies (keyof Prices)[];

/** What settings say of prices, and what is wrong with it. What costs nothing says 0, so that none is forgotten. */
export function pricesIn(value: unknown): { prices?: Prices; faults: string[] } {
  if (value === undefined) {
    return { faults: [] };
  }
  if (!isRecord(value)) {
    return { faults: [`prices is no map with the keys ${keys.join(", ")}`] };
  }
  const { currency } = value;
  const faults = [
    ...Object.keys(value)
      .filter((key) => !keys.includes(key))
      .map((key) => `prices.${key} is not known; there are ${keys.join(", ")}`),
    ...(typeof currency === "string" && /^[A-Z]{3}$/.test(currency)
      ? []
      : ["prices.currency is no code of three letters, such as EUR"]),
    ...rates
      .filter((rate) => !isPrice(value[rate]))
      .map(
        (rate) =>
          `prices.${rate} is ${JSON.stringify(value[rate]) ?? "missing"}: give a number, such as 0.03, or 0 where it costs nothing`,
      ),
  ];
  return faults.length > 0 ? { faults } : { faults, prices: value as unknown as Prices };
}

/** Costs are reckoned exactly, with prices as Kubernetes reads numbers. */
function isPrice(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && parseQuantity(String(value)) !== undefined;
}
