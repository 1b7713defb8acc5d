import { isInstant } from "secure-environment/core";
import { connectTo } from "../cluster/cluster";
import { instantAfter } from "../duration";
import { standingNamespaces } from "../environment/standing";
import { type Target } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { reported } from "./reported";
import { bringUp, broughtUp, type UpOptions } from "./up";
import { describeUp } from "./upResult";

/** How the life of an environment is extended. */
export interface ExtendOptions extends UpOptions {
  /** How long it stays from now on, such as `3d`. */
  readonly for?: string;
  /** The instant until which it stays: RFC 3339 in UTC. */
  readonly until?: string;
}

/**
 * Sets when an environment may be removed. It does so by a run of Pulumi, so that no later run sets it
 * back; later runs never shorten it.
 *
 * @throws ReviewError with 6 when there is no such environment.
 */
export async function extend(given: string | undefined, options: ExtendOptions): Promise<void> {
  await broughtUp("extend", given, options, async (target) => {
    const set = [...options.set, `expiresAt=${instantOf(options)}`];
    await requireStanding(target);
    const result = await reported(
      options,
      (progress) => bringUp(target, { ...options, set }, progress),
      (extended) => describeUp(extended, target),
    );
    return { result };
  });
}

function instantOf({ for: duration, until }: ExtendOptions): string {
  if ((duration === undefined) === (until === undefined)) {
    const message = "Say how long it stays: either --for 3d, or --until 2027-01-31T18:00:00Z.";
    throw new ReviewError(message, exitCodes.usage);
  }
  if (duration !== undefined) {
    return instantAfter(duration, "--for");
  }
  if (until === undefined || !isInstant(until) || Date.parse(until) <= Date.now()) {
    const message = `--until is ${JSON.stringify(until)}. Give an instant that is to come: RFC 3339 in UTC, such as 2027-01-31T18:00:00Z.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  return until;
}

async function requireStanding(target: Target): Promise<void> {
  const cluster = connectTo(target.settings);
  if ((await standingNamespaces(cluster, target)).length === 0) {
    const message = `The branch ${JSON.stringify(target.branch)} has no environment that could be extended. \`review up\` makes one.`;
    throw new ReviewError(message, exitCodes.noStack);
  }
}
