import { readFileSync } from "node:fs";
import { isRecord, recordOf } from "secure-environment/core";
import { parse } from "yaml";
import { exitCodes, ReviewError } from "../exitCodes";

/** The program's key, with or without the project's prefix: Pulumi takes both. */
const keySyntax = /^([^:]+:)?reservedNames$/;

/**
 * The names that a configuration file reserves beside the built-in ones, as the program reads them.
 *
 * @throws ReviewError when there is no such file, or it says something else than a list of texts.
 */
export function configuredReservedNames(file: string): readonly string[] {
  const entries = Object.entries(recordOf(configurationOf(file)["config"]));
  return entries
    .filter(([key]) => keySyntax.test(key))
    .flatMap(([key, value]) => textsOf(value) ?? refuse(`${file}: ${key} is no list of names`));
}

function configurationOf(file: string): Readonly<Record<string, unknown>> {
  const configuration = yamlOf(file) ?? {};
  return isRecord(configuration) ? configuration : refuse(`${file} is no configuration`);
}

/** What the parser says of a text quotes it, and there may be something secret in it. */
function yamlOf(file: string): unknown {
  const content = contentOf(file);
  try {
    // As for Pulumi, what looks like a date is one, and no text.
    return parse(content, { customTags: ["timestamp"] });
  } catch {
    return refuse(`${file} is no YAML`);
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return refuse(`${file} cannot be read`);
  }
}

/** `pulumi config set` writes a list down as a text. */
function textsOf(value: unknown): readonly string[] | undefined {
  const list = typeof value === "string" ? parsed(value) : value;
  const isListOfTexts =
    Array.isArray(list) && list.every((item): item is string => typeof item === "string");
  return isListOfTexts ? list : undefined;
}

function parsed(text: string): unknown {
  try {
    return text === "" ? [] : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuse(fault: string): never {
  const remedy =
    'Give the file that `pulumi` gets as --config-file, with names in quotes, such as review:reservedNames: ["develop"].';
  throw new ReviewError(`${fault}. ${remedy}`, exitCodes.usage);
}
