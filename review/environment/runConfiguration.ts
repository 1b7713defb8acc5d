import { exitCodes, ReviewError } from "../exitCodes";
import { type Target } from "./target";

/**
 * The configuration of a run by full key: that of the settings, what the command line sets for this run,
 * and the branch.
 *
 * @param set each as `key=value`; a key without a prefix is the program's own.
 * @param more what the command itself sets; the command line may set something else.
 * @throws ReviewError when one has no key or no value, or is one by which the environment is found.
 */
export function givenConfiguration(
  { settings, branch }: Target,
  set: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  const own = (key: string): string => (key.includes(":") ? key : `${settings.project}:${key}`);
  const given = [...Object.entries(more), ...set.map(keyAndValue), ["branch", branch] as const];
  return {
    ...settings.configuration,
    ...Object.fromEntries(given.map(([key, value]) => [own(key), value])),
  };
}

function keyAndValue(text: string): readonly [string, string] {
  const [, key, value] = /^([^=\s]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    const message = "--set takes a key and a value, such as --set size=small.";
    throw new ReviewError(message, exitCodes.usage);
  }
  if (/^([^:]+:)?project$|^kubernetes:/.test(key)) {
    const message = `--set ${key} is not for a single run: other runs would not find the environment. Set it in the settings.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  return [key, value];
}
