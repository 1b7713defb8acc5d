import { recordOf, suggestKey } from "secure-environment/core";
import { describeException, type Exception } from "./settings";

/** How strictly a policy is kept, by Pulumi's words. */
export type EnforcementLevel = "advisory" | "mandatory" | "remediate" | "disabled";

/** A policy of the pack, as far as its configuration is concerned. */
export interface ConfigurablePolicy {
  readonly name: string;
  readonly enforcementLevel?: EnforcementLevel;
  /** Its settings, by their names. */
  readonly configSchema?: { readonly properties: object };
}

/** What is configured of a policy. */
export interface ConfiguredPolicy {
  readonly name: string;
  readonly enforcementLevel: EnforcementLevel;
  /** As they were written: nobody has judged them yet. */
  readonly settings: object;
}

/** What is wrong with a configuration, and what is worth a warning. */
export interface ConfigurationReport {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Pulumi's word for all policies at once. */
const everyPolicy = "all";

/**
 * Judges which policies and settings a configuration names, how strictly it keeps policies and what
 * it excepts. Pulumi itself ignores a name that it does not know, so that a typing error would leave
 * a policy as it is.
 */
export function reportConfiguration(
  configured: readonly ConfiguredPolicy[],
  policies: readonly ConfigurablePolicy[],
  now: string,
): ConfigurationReport {
  const names = policies.map(({ name }) => name);
  const unknown = configured.filter(({ name }) => ![...names, everyPolicy].includes(name));
  const levels = new Map(configured.map(({ name, enforcementLevel }) => [name, enforcementLevel]));
  return {
    problems: [
      ...unknown.map(
        ({ name }) => `The configuration names the policy ${name}. ${suggestKey(name, names)}`,
      ),
      ...configured.flatMap((one) =>
        policies
          .filter(({ name }) => name === one.name)
          .flatMap((policy) => unknownIn(one, policy)),
      ),
    ],
    warnings: [
      ...policies.flatMap((policy) => weakeningOf(policy, levels.get(policy.name))),
      ...configured.flatMap((policy) => exceptionsOf(policy, now)),
    ],
  };
}

function weakeningOf(
  { name, enforcementLevel }: ConfigurablePolicy,
  configured: EnforcementLevel | undefined,
): string[] {
  if (configured === "disabled") {
    return [`The configuration switches the policy ${name} off.`];
  }
  return configured === "advisory" && enforcementLevel !== "advisory"
    ? [`By configuration, the policy ${name} only advises.`]
    : [];
}

function unknownIn({ name, settings }: ConfiguredPolicy, policy: ConfigurablePolicy): string[] {
  const known = Object.keys(policy.configSchema?.properties ?? {});
  return Object.keys(settings)
    .filter((key) => !known.includes(key))
    .map(
      (key) =>
        `The configuration of the policy ${name} has the setting ${key}. ${suggestKey(key, known)}`,
    );
}

/** Exceptions that the policy SDK will refuse are none. */
function exceptionsOf({ name, settings }: ConfiguredPolicy, now: string): string[] {
  const { exceptions } = settings as { readonly exceptions?: unknown };
  return Array.isArray(exceptions)
    ? exceptions.filter(isException).map((exception) => describeException(name, exception, now))
    : [];
}

function isException(value: unknown): value is Exception {
  const { resource, reason, expiresAt } = recordOf(value);
  return [resource, reason, expiresAt].every((text) => typeof text === "string");
}
