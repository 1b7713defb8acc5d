import { hasPassed, isInstant } from "secure-environment/core";
import { type PolicyConfigJSONSchema } from "@pulumi/policy/schema";
import { type JudgedResource } from "./judgedResource";

/** Settings of a policy, each with its schema, in which `default` is never missing. */
export type SettingsSchema<Settings extends object> = {
  readonly [Key in keyof Settings]: PolicyConfigJSONSchema & { readonly default: Settings[Key] };
};

/** A resource that may break a policy for a while. */
export interface Exception {
  /** Pulumi's name of the resource, or its whole URN. */
  readonly resource: string;
  /** Why. */
  readonly reason: string;
  /** Until when: RFC 3339 in UTC, such as `2027-01-31T18:00:00Z`. */
  readonly expiresAt: string;
}

/** The settings that every policy has. */
export interface CommonSettings {
  readonly exceptions: readonly Exception[];
}

const text = { type: "string", minLength: 1 } as const;

export const commonSettings: SettingsSchema<CommonSettings> = {
  exceptions: {
    type: "array",
    description:
      "Resources that may break the guarantee for a while. Each is named in every run until it expires.",
    default: [],
    items: {
      type: "object",
      properties: { resource: text, reason: text, expiresAt: text },
      required: ["resource", "reason", "expiresAt"],
      additionalProperties: false,
    },
  },
};

/** The settings as they are where nothing is configured. */
export function defaultsOf<Settings extends object>(schema: SettingsSchema<Settings>): Settings {
  const defaults = Object.entries<{ readonly default: unknown }>(schema).map(
    ([key, property]) => [key, property.default] as const,
  );
  return Object.fromEntries(defaults) as Settings;
}

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
  return reason.trim() !== "" && isInstant(expiresAt) && !hasPassed(expiresAt, now);
}
