import { type ClockReading, distanceOf } from "../cluster/clockReading";
import { type EnvironmentRow } from "../listing/environmentRows";
import { type OpenBranches } from "./openBranches";
import { type Reapable } from "./reapable";
import { type ReapReason } from "./reasons";

/** How far clocks may lie apart before no expiry is believed, in milliseconds. */
export const clockTolerance = 300_000;

/** Why no instant is believed; `undefined` where clocks are close enough. */
export function clockFault(reading: ClockReading): string | undefined {
  const distance = distanceOf(reading);
  if (distance === undefined) {
    return "The API server does not say the time, so it is not known whether this machine's clock is right.";
  }
  const { milliseconds, side } = distance;
  return milliseconds > clockTolerance
    ? `This machine's clock is ${Math.round(milliseconds / 1_000)} s ${side} the API server's, so it is not known what has expired. Set both by NTP.`
    : undefined;
}

/**
 * Why lists are not believed: more would go than one run removes, and nothing at all speaks for the list by
 * which they would.
 */
export function listFaults(
  { due, standing }: Pick<Reapable, "due" | "standing">,
  openBranches: OpenBranches | undefined,
  atMost: number,
): readonly string[] {
  const exceeds = (reason: ReapReason) =>
    due.filter((one) => one.reason === reason).length > atMost;
  const isOpen = ({ branch = "" }: EnvironmentRow) => openBranches?.names.has(branch) === true;
  const closed =
    `The list of open branches has none of the branches of the ${standing.length} environments that stand, so it ` +
    "is not believed. See that it is a list of this repository, with one branch a line.";
  const orphans =
    "None of the stacks of the project has a namespace in the cluster, so its list of namespaces is not believed. " +
    "See that this is their cluster; if it is, `review destroy` removes each.";
  return [
    ...(exceeds("closed") && !standing.some(isOpen) ? [closed] : []),
    ...(exceeds("orphan-stack") && standing.length === 0 ? [orphans] : []),
  ];
}
