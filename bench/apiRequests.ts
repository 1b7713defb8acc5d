import { countRequests, type RequestCount, requestsOf } from "./auditLog";
import type { CommandRun } from "./commands";
import { mostRequests, type Operation } from "./requestBudgets";
import type { ObjectCount } from "./stateObjects";

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
  runs: readonly CommandRun[],
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
