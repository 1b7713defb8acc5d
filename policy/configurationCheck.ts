import { suggestKey } from "secure-environment/problems";

/** How strictly a policy is kept, by Pulumi's words. */
export type EnforcementLevel = "advisory" | "mandatory" | "remediate" | "disabled";

/** A policy of the pack, as far as its configuration is concerned. */
export interface ConfigurablePolicy {
  readonly name: string;
  readonly enforcementLevel?: EnforcementLevel;
}

/** What is wrong with a configuration, and what is worth a warning. */
export interface ConfigurationReport {
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

/** Pulumi's word for all policies at once. */
const everyPolicy = "all";

/**
 * Judges which policies a configuration names and how strictly it keeps them. Pulumi itself ignores
 * a name that it does not know, so that a typing error would leave a policy as it is.
 */
export function reportConfiguration(
  levels: ReadonlyMap<string, EnforcementLevel>,
  policies: readonly ConfigurablePolicy[],
): ConfigurationReport {
  const names = policies.map(({ name }) => name);
  const unknown = [...levels.keys()].filter((name) => ![...names, everyPolicy].includes(name));
  return {
    problems: unknown.map(
      (name) => `The configuration names the policy ${name}. ${suggestKey(name, names)}`,
    ),
    warnings: policies.flatMap((policy) => weakeningOf(policy, levels.get(policy.name))),
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
