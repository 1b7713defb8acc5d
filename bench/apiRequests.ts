/** What the API server wrote down about one stage of a request; only what is read here. */
interface AuditEvent {
  readonly auditID: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource: string; readonly subresource?: string };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

/** A request of the API, which is written down in one stage or more. */
export interface ApiRequest {
  /** Such as `create`, `patch` or `watch`. */
  readonly verb: string;
  /** The resource, such as `namespaces`; without one the path, such as `/api`. */
  readonly target: string;
  /** Whether it is about objects, not about what the server is able to do. */
  readonly concernsObjects: boolean;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** When its last stage was reached. Milliseconds since 1970. */
  readonly answeredAt: number;
}

/** A kind of request and how often it was sent. */
export interface RequestCount {
  readonly verb: string;
  readonly target: string;
  readonly count: number;
}

/**
 * The requests of one user, in the order in which they came in. A watch is written down when it
 * begins and again when it ends, and is one request all the same.
 *
 * @param log the audit log: a JSON event a line. A last line that is still being written is left out.
 */
export function requestsOf(log: string, user: string): readonly ApiRequest[] {
  const events = eventsIn(log).filter((event) => event.user.username === user);
  return [...grouped(events, (event) => event.auditID).values()]
    .map(toRequest)
    .toSorted((one, other) => one.receivedAt - other.receivedAt);
}

/** How many requests of which kind, the most frequent first. */
export function countRequests(requests: readonly ApiRequest[]): readonly RequestCount[] {
  const kinds = grouped(requests, ({ verb, target }) => `${verb} ${target}`);
  return [...kinds]
    .toSorted(([one, more], [other, less]) => less.length - more.length || compare(one, other))
    .flatMap(([, [first, ...others]]) =>
      first === undefined
        ? []
        : [{ verb: first.verb, target: first.target, count: 1 + others.length }],
    );
}

function eventsIn(log: string): readonly AuditEvent[] {
  return log
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditEvent);
}

function toRequest(stages: readonly AuditEvent[]): ApiRequest {
  const [first] = stages;
  if (first === undefined) {
    throw new RangeError("A request has at least one stage.");
  }
  return {
    verb: first.verb,
    target: targetOf(first),
    concernsObjects: first.objectRef !== undefined,
    receivedAt: Date.parse(first.requestReceivedTimestamp),
    answeredAt: Math.max(...stages.map(({ stageTimestamp }) => Date.parse(stageTimestamp))),
  };
}

function targetOf({ objectRef, requestURI }: AuditEvent): string {
  return objectRef === undefined
    ? requestURI.replace(/\?.*/, "")
    : [objectRef.resource, objectRef.subresource].filter(Boolean).join("/");
}

function grouped<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  items.forEach((item) => groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]));
  return groups;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

interface State {
  readonly deployment: {
    readonly resources?: readonly { readonly custom: boolean; readonly type: string }[];
  };
}

/** The Kubernetes objects of a stack. */
export interface ObjectCount {
  /** Objects that the stack creates. */
  readonly created: number;
  /** Objects that are there already and that the stack changes a field of. */
  readonly patched: number;
}

/** Counts the objects in what `pulumi stack export` shows. */
export function countObjects(exportedState: string): ObjectCount {
  const { deployment } = JSON.parse(exportedState) as State;
  const types = (deployment.resources ?? [])
    .filter(({ custom, type }) => custom && type.startsWith("kubernetes:"))
    .map(({ type }) => type);
  const patched = types.filter((type) => type.endsWith("Patch")).length;
  return { created: types.length - patched, patched };
}

/** The commands whose requests are counted. */
export type Operation = "up" | "no-op up" | "destroy";

/** How many requests of the API a command may send at most: `perObject` × objects + `constant`. */
export interface RequestBudget {
  readonly perObject: number;
  readonly constant: number;
  /** What the requests are that the constant counts. */
  readonly reason: string;
}

/**
 * The smallest numbers that hold with the Kubernetes provider that the sandbox builds. A command that
 * sends more than this has begun to ask for something it did not need before.
 */
export const requestBudgets: Readonly<Record<Operation, RequestBudget>> = {
  up: {
    perObject: 1,
    constant: 15,
    reason:
      "1 look at the namespace, 4 to discover the types, at most 2 reads of each of 3 quotas until " +
      "it counts, 2 lists and 2 watches of events",
  },
  "no-op up": {
    perObject: 0,
    constant: 3,
    reason:
      "1 look at the namespace, 2 to discover the types; unchanged objects are compared with the state",
  },
  destroy: {
    perObject: 0,
    constant: 12,
    reason:
      "4 to discover the types, 1 deletion of the namespace, which takes along whatever is inside, " +
      "and 3 reads, 2 lists and 2 watches of it and its events until it is gone",
  },
};

/** The highest number of requests that a command may send for so many objects. */
export function mostRequests(operation: Operation, objects: number): number {
  const { perObject, constant } = requestBudgets[operation];
  return perObject * objects + constant;
}

/** What a command asked of the API, against what it may ask at most. */
export interface RequestGate {
  readonly operation: Operation;
  /** The number of requests of each run. */
  readonly counts: readonly number[];
  readonly limit: number;
  /** Whether no run sent more than the limit. */
  readonly holds: boolean;
  /** The kinds of requests of the run that sent most. */
  readonly breakdown: readonly RequestCount[];
}

/** Counts the requests of all runs of a command. The highest count is what the gate judges. */
export function judgeRequests(
  operation: Operation,
  runs: readonly { readonly user: string }[],
  objects: ObjectCount,
  auditLog: string,
): RequestGate {
  const requests = runs.map(({ user }) => requestsOf(auditLog, user));
  const [most = []] = requests.toSorted((one, other) => other.length - one.length);
  const limit = mostRequests(operation, objects.created + objects.patched);
  return {
    operation,
    counts: requests.map(({ length }) => length),
    limit,
    // A run without any request is one whose requests were not found.
    holds: requests.every(({ length }) => length > 0 && length <= limit),
    breakdown: countRequests(most),
  };
}
