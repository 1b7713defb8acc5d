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
