import { stringify } from "yaml";

/** A configuration as the settings of a stack. Pulumi reads YAML 1.1, where instants need quotes. */
export function settingsOf(project: string, configuration: object): string {
  const keys = Object.entries(configuration).map(([key, value]) => [`${project}:${key}`, value]);
  const settings = { config: Object.fromEntries(keys) as object };
  return stringify(settings, { version: "1.1", lineWidth: 100 });
}
