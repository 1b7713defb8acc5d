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
 * The smallest numbers that hold with the stand-in for the Kubernetes provider. A command that
 * sends more than this has begun to ask for something it did not need before.
 */
export const requestBudgets: Readonly<Record<Operation, RequestBudget>> = {
  up: {
    perObject: 1,
    constant: 5,
    reason: "2 to discover the types (/api, /apis), 1 watch for each of 3 quotas until it counts",
  },
  "no-op up": {
    perObject: 0,
    constant: 2,
    reason: "2 to discover the types (/api, /apis); unchanged objects are compared with the state",
  },
  destroy: {
    perObject: 0,
    constant: 4,
    reason:
      "2 to discover the types (/api, /apis), 1 deletion of the namespace, which takes along " +
      "whatever is inside, and 1 watch until it is gone",
  },
};

/** The highest number of requests that a command may send for so many objects. */
export function mostRequests(operation: Operation, objects: number): number {
  const { perObject, constant } = requestBudgets[operation];
  return perObject * objects + constant;
}
