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

/** A request of the API, in whichever number of stages it was written down. */
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
