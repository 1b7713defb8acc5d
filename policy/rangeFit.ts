import { type Amount, amountIn, exceeds, type Share } from "secure-environment-isolation";
import { formatAmount, listOf, recordOf, type UnknownRecord } from "secure-environment/core";

/** Where a share is written. */
export type Side = "requests" | "limits";

/** How something is not within a limit range. */
export interface RangeFault {
  readonly side: Side;
  /** Such as `than a pod may have by the limit range, which is 2`. */
  readonly than: string;
  readonly isMore: boolean;
  readonly remedy: string;
}

/** The first reason why a share is not within the items of a limit range. */
export function rangeFaults(
  share: Share,
  whose: string,
  items: readonly UnknownRecord[],
  resource: string,
): RangeFault[] {
  const sides = ["limits", "requests"] as const;
  return items
    .flatMap((item) => {
      const most = amountIn(item["max"], resource);
      const least = amountIn(item["min"], resource);
      return [
        ...sides
          .filter((side) => exceeds(share[sideOf(side)], most))
          .map((side) => ({
            side,
            isMore: true,
            than: `than ${whose} may have by the limit range, which is ${shown(most, resource)}`,
            remedy: "Lower it, or raise the maximum of the limit range.",
          })),
        ...sides
          .filter((side) => exceeds(least, share[sideOf(side)]))
          .map((side) => ({
            side,
            isMore: false,
            than: `than ${whose} must have by the limit range, which is ${shown(least, resource)}`,
            remedy: "Raise it: nodes take a limit of 0 for none at all.",
          })),
      ];
    })
    .slice(0, 1);
}

/** The field of a share that is written there. */
export function sideOf(side: Side): keyof Share {
  return side === "limits" ? "limit" : "request";
}

/** The items of one type in limit ranges with these specifications. */
export function itemsOf(ranges: readonly unknown[], type: string): UnknownRecord[] {
  return ranges
    .flatMap((range) => listOf(recordOf(range)["limits"]))
    .map(recordOf)
    .filter((item) => item["type"] === type);
}

/** An amount for a message. */
export function shown(amount: Amount, resource: string): string {
  return typeof amount === "bigint" ? formatAmount(amount, resource) : "not known";
}
