import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { exitCodes, ReviewError } from "./exitCodes";

interface ProjectFile {
  readonly name?: unknown;
  readonly config?: Readonly<Record<string, unknown>> | null;
}

/**
 * The project that the environments of a program name in their labels: what it is configured to, and
 * else the Pulumi project.
 *
 * @param folder has the program's Pulumi.yaml and, with the settings for all environments,
 * Pulumi.ci.yaml.
 * @throws ReviewError when Pulumi.yaml names no project.
 */
export function labelledProject(folder: string): string {
  const program = readYaml(join(folder, "Pulumi.yaml"));
  const { name } = program;
  if (typeof name !== "string" || name === "") {
    const message = `${join(folder, "Pulumi.yaml")} does not name the Pulumi project, such as \`name: shop\`.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  const settings = readYaml(join(folder, "Pulumi.ci.yaml"));
  return settingOf(settings, name) || settingOf(program, name) || name;
}

/** A setting of Pulumi.yaml may be an object with a default. */
function settingOf({ config }: ProjectFile, pulumiProject: string): string {
  const setting = config?.[`${pulumiProject}:project`] ?? config?.project;
  const { value, default: byDefault } = (typeof setting === "object" ? (setting ?? {}) : {}) as {
    readonly value?: unknown;
    readonly default?: unknown;
  };
  const text = value ?? byDefault ?? setting;
  return typeof text === "string" ? text : "";
}

function readYaml(file: string): ProjectFile {
  try {
    return existsSync(file) ? ((load(readFileSync(file, "utf8")) as ProjectFile) ?? {}) : {};
  } catch {
    throw new ReviewError(`${file} is no YAML that can be read.`, exitCodes.usage);
  }
}
