import { isDeepStrictEqual } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "./cluster";
import { ApiError, type WatchEvent } from "./connection";
import { annotation, child, type KubernetesObject, objectType, text, uidOf } from "./object";

const pollMilliseconds = 1_000;
const quotaMilliseconds = 60_000;
const defaultMilliseconds = 600_000;
const gone = 410;
const notFound = 404;
const forbidden = 403;

/** An object did not get into the wanted state; holds what it looked like last. */
export class WaitError extends Error {
  constructor(
    message: string,
    readonly object: KubernetesObject,
  ) {
    super(message);
  }
}

/** What a waiting operation tells and by what it can be ended. */
export interface WaitOptions {
  milliseconds: number;
  cancelled: AbortSignal;
  status(message: string): void;
  warn(message: string): void;
}

/** How long an operation may take: as the resource option says, else the annotation, else 10 min. */
export function waitMilliseconds(timeoutSeconds: number, inputs: KubernetesObject): number {
  const annotated = Number.parseInt(annotation(inputs, "pulumi.com/timeoutSeconds"), 10);
  const seconds = [timeoutSeconds, annotated].find((value) => value > 0);
  return seconds === undefined ? defaultMilliseconds : seconds * 1_000;
}

/** Waits for an object that was just written until it does what it is there for. */
export async function waitUntilReady(
  cluster: Cluster,
  object: KubernetesObject,
  inputs: KubernetesObject,
  options: WaitOptions,
): Promise<KubernetesObject> {
  if (!isQuota(object) || annotation(inputs, "pulumi.com/skipAwait") === "true") {
    return object;
  }
  const ready = await waitFor(cluster, object, quotaIsCounted, {
    ...options,
    milliseconds: Math.min(options.milliseconds, quotaMilliseconds),
  });
  return ready ?? object;
}

function isQuota(object: KubernetesObject): boolean {
  const { apiVersion, kind } = objectType(object);
  return apiVersion === "v1" && kind === "ResourceQuota";
}

function quotaIsCounted(quota: KubernetesObject): boolean {
  const hard = child(quota, "spec")["hard"];
  return hard !== undefined && isDeepStrictEqual(hard, child(quota, "status")["hard"]);
}

/** Waits until an object whose deletion was asked for is gone. */
export async function waitUntilGone(
  cluster: Cluster,
  object: KubernetesObject,
  options: WaitOptions,
): Promise<void> {
  const remains = await waitFor(cluster, object, () => false, options);
  if (remains !== undefined) {
    throw new WaitError(["the object still exists", ...holders(remains)].join(": "), remains);
  }
}

/** What keeps an object that is to go: its finalizers and, of a namespace, its conditions. */
function holders(object: KubernetesObject): string[] {
  const listed = child(object, "metadata")["finalizers"];
  const finalizers = (Array.isArray(listed) ? listed : []) as string[];
  return [
    ...blockingConditions(object),
    ...(finalizers.length === 0
      ? []
      : [`finalizers might be preventing deletion (${finalizers.join(", ")})`]),
  ];
}

/** What the API server says about content of a namespace that does not go away. */
function blockingConditions(object: KubernetesObject): string[] {
  const conditions = child(object, "status")["conditions"];
  return (Array.isArray(conditions) ? conditions : [])
    .map((condition) => condition as KubernetesObject)
    .filter((condition) => condition["status"] === "True")
    .filter((condition) => /(Remaining|Failure)$/.test(text(condition, "type")))
    .map((condition) => `${text(condition, "type")}: ${text(condition, "message")}`);
}

/** The object as soon as it is as wanted; undefined as soon as it is gone. */
async function waitFor(
  cluster: Cluster,
  object: KubernetesObject,
  satisfied: (object: KubernetesObject) => boolean,
  options: WaitOptions,
): Promise<KubernetesObject | undefined> {
  const deadline = AbortSignal.timeout(options.milliseconds);
  const signal = AbortSignal.any([deadline, options.cancelled]);
  let latest = object;
  try {
    for await (const seen of states(cluster, object, signal, options)) {
      if (seen === undefined || uidOf(seen) !== uidOf(object)) {
        return undefined;
      }
      latest = seen;
      if (satisfied(latest)) {
        return latest;
      }
      options.status(blockingConditions(latest).join("; "));
    }
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    options.status("");
  }
  const reason = options.cancelled.aborted
    ? "the operation was cancelled"
    : "timed out waiting for the condition";
  throw new WaitError([reason, ...holders(latest)].join(": "), latest);
}

/** The object as it is and as it becomes; undefined when it is gone. */
async function* states(
  cluster: Cluster,
  object: KubernetesObject,
  signal: AbortSignal,
  options: WaitOptions,
): AsyncGenerator<KubernetesObject | undefined> {
  let latest: KubernetesObject | undefined = object;
  while (latest !== undefined) {
    yield latest;
    signal.throwIfAborted();
    yield* changes(cluster, latest, signal, options);
    latest = await present(cluster, object);
  }
  yield undefined;
}

async function* changes(
  cluster: Cluster,
  object: KubernetesObject,
  signal: AbortSignal,
  options: WaitOptions,
): AsyncGenerator<KubernetesObject | undefined> {
  try {
    for await (const event of cluster.watch(object, signal)) {
      if (event.type === "ERROR") {
        return;
      }
      yield stateAfter(event);
    }
  } catch (error) {
    if (!(error instanceof ApiError) || ![gone, forbidden].includes(error.code)) {
      throw error;
    }
    if (error.code === forbidden) {
      options.warn(`${error.message}; the real provider would only look again at its timeout`);
    }
  }
  await sleep(pollMilliseconds, undefined, { signal });
}

function stateAfter(event: WatchEvent): KubernetesObject | undefined {
  return event.type === "DELETED" ? undefined : event.object;
}

async function present(
  cluster: Cluster,
  object: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.get(object);
  } catch (error) {
    if (error instanceof ApiError && error.code === notFound) {
      return undefined;
    }
    throw error;
  }
}
