import { readFileSync } from "node:fs";

/** A request that the API server has answered, as its audit log has it. */
export interface AuditEvent {
  readonly verb: string;
  readonly objectRef?: {
    readonly resource: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly impersonatedUser?: { readonly username: string; readonly groups: readonly string[] };
  readonly responseStatus?: { readonly code: number };
}

/** All requests that were answered, in the order of their answers. */
export function answeredRequests(auditLog: string): AuditEvent[] {
  const lines = readFileSync(auditLog, "utf8").split("\n").slice(0, -1);
  return lines
    .map((line) => JSON.parse(line) as AuditEvent & { readonly stage: string })
    .filter(({ stage }) => stage === "ResponseComplete");
}
