import { type JudgedResource } from "./judgedResource";
import { type Exception } from "./settings";

/** What an exception does for a resource at an instant. */
export type Excuse = "none" | "excused" | "expired";

/** Whether one of the exceptions is about the resource, and still holds. */
export function excuseFor(
  resource: Pick<JudgedResource, "name" | "urn">,
  exceptions: readonly Exception[],
  now: string,
): Excuse {
  const about = exceptions.filter(
    (exception) => exception.resource === resource.name || exception.resource === resource.urn,
  );
  if (about.length === 0) {
    return "none";
  }
  return about.some((exception) => holds(exception, now)) ? "excused" : "expired";
}

/** The exception for whoever looks at a run, also when there is nothing that it excuses. */
export function describeException(policy: string, exception: Exception, now: string): string {
  const { resource, expiresAt, reason } = exception;
  return holds(exception, now)
    ? `${policy}: ${resource} is excepted until ${expiresAt}: ${reason}`
    : `${policy}: ${resource} is not excepted (any more), as the exception until ${expiresAt} does not hold: ${reason}`;
}

/** What cannot be read as an instant, or has no reason, never held. */
function holds({ expiresAt, reason }: Exception, now: string): boolean {
  return reason.trim() !== "" && isInstant(expiresAt) && now < expiresAt;
}

/** Instants in UTC to the second are in the order of their texts. */
function isInstant(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) && !Number.isNaN(new Date(text).getTime())
  );
}
