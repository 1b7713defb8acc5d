import { configuredQuota } from "secure-environment";
import { type Amounts } from "secure-environment/core";

/**
 * The quota that the standard program gives an environment with this configuration; `undefined` where it
 * refuses the configuration.
 *
 * @param configuration by full key, as a file of Pulumi's settings has it.
 */
export function standardQuota(
  configuration: Readonly<Record<string, unknown>>,
  pulumiProject: string,
): Amounts | undefined {
  const texts = Object.entries(configuration).map(([key, value]) => [key, asPulumiHasIt(value)]);
  return configuredQuota({
    configuration: Object.fromEntries(texts) as Readonly<Record<string, string>>,
    pulumiProject,
    secretKeys: [],
  });
}

/** To a program all configuration is text: what is structured comes as JSON. */
function asPulumiHasIt(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
