import { type Property, type Type } from "@pulumi/pulumi/provider/experimental/schema";
import { parseDocument, Scalar } from "yaml";
import { type PackageSchema, secretProperties } from "#components/core/schemaShapes";
import { innermostType, meaningOf, ownType } from "./properties";

/** Types of configuration; see https://www.pulumi.com/docs/iac/concepts/projects/project-file/ */
type KeyType = "string" | "boolean" | "integer" | "array" | "object";

/** What stands for a key that is not set. */
const unset = { string: "", boolean: false, integer: 0, array: [], object: {} };

/** Defaults that Pulumi.yaml tells by their value. */
const toldDefaults: Readonly<Record<string, string>> = {
  "SecureEnvironment.size": "medium",
  "ReviewPlatform.maximumDataSize": "256Ki",
};

const printWidth = 100;

/**
 * A Pulumi.yaml whose keys are the arguments of a component, and others that the program reads, which are
 * texts; all else in it stays.
 */
export function withConfigurationKeys(
  projectFile: string,
  component: string,
  schema: PackageSchema,
  others: Readonly<Record<string, string>> = {},
): string {
  const document = parseDocument(projectFile);
  const { inputProperties = {} } = schema.resources[`${schema.name}:index:${component}`] ?? {};
  const keys = Object.entries(inputProperties).map(([name, property]) => [
    name,
    configurationKey(`${component}.${name}`, property, schema),
  ]);
  const otherKeys = Object.entries(others).map(([name, meaning]) => [name, textKey(meaning)]);
  const config = Object.fromEntries([...keys, ...otherKeys]) as Readonly<Record<string, unknown>>;
  document.set("config", document.createNode(config, { aliasDuplicateObjects: false }));
  return document.toString({ lineWidth: printWidth });
}

function configurationKey(path: string, property: Property, schema: PackageSchema) {
  const type = keyType(property, schema);
  return {
    type,
    ...(property.items !== undefined && { items: { type: keyType(property.items, schema) } }),
    default: toldDefaults[path] ?? unset[type],
    description: folded(keyDescription(path, property, schema)),
  };
}

function textKey(meaning: string) {
  return { type: "string", default: unset.string, description: folded(meaning) };
}

function folded(text: string): Scalar {
  const scalar = new Scalar(text);
  scalar.type = Scalar.BLOCK_FOLDED;
  return scalar;
}

function keyType(type: Type, schema: PackageSchema): KeyType {
  const { type: name } = ownType(type, schema) ?? (type as { readonly type: KeyType });
  return name === "number" ? "integer" : name;
}

/** The docstring, and what a value is made of, which the types of configuration cannot say. */
function keyDescription(path: string, property: Property, schema: PackageSchema): string {
  const { meaning, byDefault = "" } = meaningOf(property.description);
  const secrecy = secretProperties.includes(path) ? "Set it with --secret." : "";
  return [meaning, partsOf(property, schema), secrecy, byDefault]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function partsOf(property: Property, schema: PackageSchema): string {
  const type = ownType(innermostType(property), schema);
  const isList = property.items !== undefined;
  if (type?.enum !== undefined) {
    return `${isList ? "Each is one" : "One"} of ${quoted(type.enum.map(({ value }) => value))}.`;
  }
  return type?.properties === undefined
    ? ""
    : `${isList ? "Properties of each" : "Properties"}: ${quoted(Object.keys(type.properties))}.`;
}

function quoted(names: readonly (string | number)[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
