import { type FoundNamespace } from "secure-environment-cluster/namespaceVerdict";
import { type FoundEnvironment } from "../environment/removal";
import { namespacesNamed } from "../environment/heldNamespaces";
import { exitCodes, ReviewError } from "../exitCodes";
import { type Due, guardOf, type ReapOptions } from "./reapable";
import { reasonOf } from "./reasons";
import { youngestPodIn } from "./youngestPods";

/** What was to go has changed since it was judged, and stays. */
export class NotDueError extends ReviewError {
  constructor(why: string) {
    super(why, exitCodes.refused);
  }
}

/**
 * Makes sure, right before an environment goes, that it is the one that was judged, and that the reason still
 * holds.
 *
 * @throws NotDueError when it does not.
 */
export async function requireStillDue(
  due: Due,
  found: FoundEnvironment,
  options: ReapOptions,
  now: string,
): Promise<void> {
  const { listed } = due;
  // Pulumi Cloud says when a run ended, which is a moment after it wrote the state.
  if (found.writtenAt !== undefined && isLater(found.writtenAt, listed.lastUpdate)) {
    throw new NotDueError("a run has been at work on its stack since");
  }
  await (due.namespace === undefined ? requireGone(found) : requireSame(due, found, options, now));
}

function isLater(one: string, other: string | undefined): boolean {
  return other !== undefined && Date.parse(one) > Date.parse(other);
}

async function requireGone({ cluster, names, standing }: FoundEnvironment): Promise<void> {
  const found = [...(await namespacesNamed(cluster, names)), ...(await standing())];
  const [name] = found.flatMap(({ metadata }) => metadata?.name ?? []);
  if (name !== undefined) {
    throw new NotDueError(`its namespace ${name} is there again`);
  }
}

async function requireSame(
  due: Due,
  { cluster, names }: FoundEnvironment,
  options: ReapOptions,
  now: string,
): Promise<void> {
  const name = due.namespace?.metadata?.name ?? "";
  const found = await cluster.namespace(name);
  const pods = due.reason === "idle" ? await youngestPodIn(cluster, name) : undefined;
  const idle = options.idle && { ...options.idle, youngestPods: pods };
  const why =
    otherNamespaces(name, names) ??
    changeOf(due, found) ??
    guardOf(found, due.listed, options) ??
    reasonGone(due, found, { ...options, idle }, now);
  if (why !== undefined) {
    throw new NotDueError(why);
  }
}

function reasonGone(
  { listed, reason }: Due,
  found: FoundNamespace | undefined,
  options: ReapOptions,
  now: string,
): string | undefined {
  const still = found && reasonOf(found, listed, options, now);
  return still?.reason === reason ? undefined : "there is no reason any more";
}

function otherNamespaces(name: string, names: readonly string[]): string | undefined {
  const others = names.filter((one) => one !== name);
  return others.length > 0
    ? `its state has other namespaces, too: ${others.join(", ")}`
    : undefined;
}

function changeOf({ namespace }: Due, found: FoundNamespace | undefined): string | undefined {
  const { uid, deletionTimestamp } = found?.metadata ?? {};
  if (uid === undefined || uid !== namespace?.metadata?.uid) {
    return "its namespace is gone, or was made anew";
  }
  return deletionTimestamp === undefined ? undefined : "its namespace is being deleted already";
}
