import { annotations, hasPassed, instantOf, isInstant } from "secure-environment/core";
import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type ListedStack } from "../listing/listedStack";
import { type OpenBranches } from "./openBranches";

/** Why an environment is removed. */
export const reapReasons = ["expired", "closed", "idle", "orphan-stack"] as const;

/** See `reapReasons`. */
export type ReapReason = (typeof reapReasons)[number];

/** Which reasons count, beside that the time of an environment is over. */
export interface ReasonOptions {
  /** Without them no branch is taken to be closed. */
  readonly openBranches?: OpenBranches;
  readonly idle?: Idleness;
}

/** When an environment counts as idle. */
export interface Idleness {
  /** Milliseconds without a run on its stack, and without a new pod. */
  readonly after: number;
  /** When the youngest pod of each namespace was made; `undefined` where pods may not be listed. */
  readonly youngestPods: ReadonlyMap<string, string> | undefined;
}

/** A reason, in words, and since when it is one. */
export interface Reason {
  readonly reason: ReapReason;
  readonly why: string;
  readonly since: string;
}

/** Why an environment that stands is to go; `undefined` where there is no reason, or none that is clear. */
export function reasonOf(
  namespace: FoundNamespace,
  stack: ListedStack,
  { openBranches, idle }: ReasonOptions,
  now: string,
): Reason | undefined {
  return (
    expired(namespace, now) ??
    (openBranches && closed(namespace, stack, openBranches)) ??
    (idle && idleSince(namespace, stack, idle, now))
  );
}

function expired({ metadata = {} }: FoundNamespace, now: string): Reason | undefined {
  const expiresAt = metadata.annotations?.[annotations.expiresAt];
  return expiresAt !== undefined && isInstant(expiresAt) && hasPassed(expiresAt, now)
    ? { reason: "expired", why: `it expired at ${expiresAt}`, since: expiresAt }
    : undefined;
}

/** What has come to life since the list was written may be of a branch that was opened since. */
function closed(
  { metadata = {} }: FoundNamespace,
  { name, lastUpdate }: ListedStack,
  { names, stacks, writtenAt }: OpenBranches,
): Reason | undefined {
  const branch = metadata.annotations?.[annotations.branch];
  const signs = [metadata.creationTimestamp, lastUpdate].flatMap((sign) => sign ?? []);
  const isYounger = writtenAt !== undefined && !signs.every((sign) => Date.parse(sign) < writtenAt);
  return branch === undefined || names.has(branch) || stacks.has(name) || isYounger
    ? undefined
    : {
        reason: "closed",
        why: `its branch ${JSON.stringify(branch)} is not among the open ones`,
        since: latest(signs),
      };
}

/** Where one of the signs of life cannot be seen, nothing is idle. */
function idleSince(
  { metadata = {} }: FoundNamespace,
  { lastUpdate }: ListedStack,
  { after, youngestPods }: Idleness,
  now: string,
): Reason | undefined {
  const { name = "", creationTimestamp } = metadata;
  if (youngestPods === undefined || lastUpdate === undefined || creationTimestamp === undefined) {
    return undefined;
  }
  const since = latest([lastUpdate, creationTimestamp, youngestPods.get(name) ?? lastUpdate]);
  return Date.parse(now) - Date.parse(since) >= after
    ? { reason: "idle", why: `no run and no new pod since ${since}`, since }
    : undefined;
}

/** Clusters and backends write instants in several ways. */
function latest(instants: readonly string[]): string {
  const times = instants.map((instant) => Date.parse(instant));
  return times.length > 0 && times.every((time) => !Number.isNaN(time))
    ? instantOf(new Date(Math.max(...times)))
    : "";
}
