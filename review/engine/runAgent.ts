import { randomUUID } from "node:crypto";

/** By what Pulumi says in the history of a stack that this process has started a run. */
export const runAgent = `review/${randomUUID()}`;
