import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { recordOf } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";

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
 * @throws ReviewError when Pulumi.yaml names no project, or what is configured is no text.
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

/**
 * A setting of Pulumi.yaml may be an object with a default. With a number, whose digits are lost, or
 * what is secret, namespaces would be looked for under the wrong name, and none found.
 */
function settingOf({ config }: ProjectFile, pulumiProject: string): string {
  const setting = config?.[`${pulumiProject}:project`] ?? config?.project;
  const { value, default: byDefault, type } = recordOf(setting);
  const isDeclaration = [value, byDefault, type].some((part) => part !== undefined);
  const text = (isDeclaration ? (value ?? byDefault) : setting) ?? "";
  if (typeof text !== "string") {
    const message = `The setting project of ${pulumiProject} is no text, so its namespaces cannot be looked for. Write it in quotes, and not as a secret.`;
    throw new ReviewError(message, exitCodes.usage);
  }
  return text;
}

function readYaml(file: string): ProjectFile {
  try {
    return existsSync(file) ? ((load(readFileSync(file, "utf8")) as ProjectFile) ?? {}) : {};
  } catch {
    throw new ReviewError(`${file} is no YAML that can be read.`, exitCodes.usage);
  }
}
