import { type JudgedResource } from "./judgedResource";
import { type Exception } from "./settings";

/** What an exception does for a resource at an instant. */
export type Excuse =
  | { readonly kind: "none" }
  | { readonly kind: "excused"; readonly exception: Exception }
  | { readonly kind: "expired"; readonly exception: Exception };

/** Whether one of the exceptions is about the resource, and still holds. */
export function excuseFor(
  resource: Pick<JudgedResource, "name" | "urn">,
  exceptions: readonly Exception[],
  now: string,
): Excuse {
  const about = exceptions.filter(
    (exception) => exception.resource === resource.name || exception.resource === resource.urn,
  );
  const valid = about.find((exception) => holds(exception, now));
  if (valid !== undefined) {
    return { kind: "excused", exception: valid };
  }
  const [expired] = about;
  return expired === undefined ? { kind: "none" } : { kind: "expired", exception: expired };
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
