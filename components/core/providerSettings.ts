import { problemUnless, type Problem } from "./problems";
import { isHarmless, type ProviderOption, providerOptions } from "./rules/providers";

/** Where a provider is told what to do, besides the program. */
export interface ProviderSettings {
  /** All configuration of the stack by full key; `kubernetes:…` is the default provider's. */
  readonly configuration: Readonly<Record<string, string>>;
  /** The environment variables that providers read. */
  readonly providerVariables?: Readonly<Record<string, string>>;
}

/** Those of all environment variables by which a provider could be told what it must not be. */
export function providerVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  const told = providerOptions.flatMap(({ variable }) => {
    const value = variable === undefined ? undefined : environment[variable];
    return variable === undefined || value === undefined ? [] : [[variable, value] as const];
  });
  return Object.fromEntries(told);
}

/**
 * What a provider is told by configuration or environment and must not be: it would take over what
 * others made, and `destroy` would delete it.
 */
export function providerProblems(settings: ProviderSettings): Problem[] {
  return providerOptions.flatMap((option) => [
    ...configurationProblems(option, settings.configuration),
    ...variableProblems(option, settings.providerVariables ?? {}),
  ]);
}

function configurationProblems(
  option: ProviderOption,
  configuration: ProviderSettings["configuration"],
): Problem[] {
  const key = `kubernetes:${option.name}`;
  const found = configuration[key];
  const remedy = `Remove it with \`pulumi config rm ${key}\`.`;
  return problemUnless(isHarmless(option, found), key, option.fault, remedy, found);
}

/** Providers take an empty variable for none. */
function variableProblems(
  option: ProviderOption,
  variables: Readonly<Record<string, string>>,
): Problem[] {
  const property = option.variable ?? "";
  const found = variables[property] || undefined;
  const remedy = "Unset the environment variable.";
  return problemUnless(isHarmless(option, found), property, option.fault, remedy, found);
}
