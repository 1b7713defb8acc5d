import {
  type ComplexType,
  type Property,
  type Resource,
  type Type,
} from "@pulumi/pulumi/provider/experimental/schema";
import { format } from "prettier";
import { type ReviewPlatformArgs, type SecureEnvironmentArgs } from "secure-environment";
import { type PackageSchema, secretProperties } from "#components/core/schemaShapes";
import { inOneLine, meaningOf, typeName } from "./properties";

type Argument = keyof SecureEnvironmentArgs | keyof ReviewPlatformArgs;

/** In the order of the page. */
const components = ["SecureEnvironment", "ReviewPlatform", "PipelineAccess"];

/** The arguments that the page of each wall is about. */
const pages: Readonly<Record<string, readonly Argument[]>> = {
  access: ["developerGroup", "access", "platform", "imageRegistries"],
  capacity: [
    "size",
    "quota",
    "containerDefaults",
    "podMaximum",
    "volumeMaximum",
    "priorityClass",
    "ceilings",
  ],
  life: ["branch", "project", "permanent", "uniqueSuffix", "reservedNames", "expiresAt"],
  mesh: ["mesh", "meshPorts", "meshes"],
  "name-resolution": ["dns"],
  network: ["holes", "now", "protected", "clusterNetwork"],
  placement: ["nodePool", "nodePools", "requireNodePool"],
};

const introduction = `# Reference

Every argument, output and type of the package. \`npm run schema\` writes this page from the docstrings.

An argument is optional unless it is called required. It is plain unless it is called an input: what
defines a wall is judged before anything is created, so an Output is refused there. An input takes a
plain value or an Output. What is secret is shown in no message. In the programs of this repository each argument of \`SecureEnvironment\` and
of \`ReviewPlatform\` is a configuration key of the same name.
`;

/** The page about all arguments, outputs and types of the package, as Markdown. */
export async function referencePage({ name, resources, types }: PackageSchema): Promise<string> {
  const sections = components.flatMap((component) =>
    componentSection(component, resources[`${name}:index:${component}`]),
  );
  const typeSections = Object.entries(types)
    .map(([token, type]) => ({ heading: token.split(":").at(-1) ?? token, type }))
    .toSorted((one, other) => one.heading.localeCompare(other.heading))
    .flatMap(({ heading, type }) => [`### ${heading}`, typeSection(heading, type)]);
  const text = [introduction, ...sections, "## Types", ...typeSections].join("\n\n");
  return format(text, { parser: "markdown", printWidth: 100, proseWrap: "always" });
}

function componentSection(name: string, resource: Partial<Resource> = {}): string[] {
  const { description = "", inputProperties, requiredInputs, properties = {} } = resource;
  const inputs = argumentItems(name, inputProperties, requiredInputs);
  return [
    `## ${name}`,
    inOneLine(description),
    `### Arguments of ${name}`,
    inputs.map(({ key, item }) => `${item} ${pageLink(key)}`).join("\n"),
    `### Outputs of ${name}`,
    outputItems(properties),
  ];
}

function typeSection(name: string, type: ComplexType): string {
  const { enum: members, properties = {}, required } = type;
  if (members !== undefined) {
    return members
      .map(({ value, description = "" }) => `- **\`${value}\`**: ${inOneLine(description)}`)
      .join("\n");
  }
  return name.endsWith("Args")
    ? argumentItems(name, properties, required)
        .map(({ item }) => item)
        .join("\n")
    : outputItems(properties);
}

function argumentItems(
  owner: string,
  properties: Readonly<Record<string, Property>> = {},
  required: readonly string[] = [],
) {
  return Object.entries(properties).map(([key, property]) => {
    const marks = [
      describeType(property),
      ...(required.includes(key) ? ["required"] : []),
      ...(property.plain === true ? [] : ["input"]),
      ...(secretProperties.includes(`${owner}.${key}`) ? ["secret"] : []),
    ];
    return { key, item: propertyItem(key, property, marks) };
  });
}

function outputItems(properties: Readonly<Record<string, Property>>): string {
  return Object.entries(properties)
    .map(([key, property]) => propertyItem(key, property, [describeType(property)]))
    .join("\n");
}

function propertyItem(key: string, { description }: Property, marks: readonly string[]): string {
  const { meaning, byDefault = "" } = meaningOf(description);
  return `- **\`${key}\`** (${marks.join(", ")}): ${meaning} ${byDefault}`;
}

function pageLink(argument: string): string {
  const page = Object.keys(pages).find((name) => pages[name]?.some((about) => about === argument));
  return page === undefined ? "" : `See [${page}](${page}.md).`;
}

function describeType(type: Type): string {
  const name = typeName(type);
  if (name !== undefined) {
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (type.items !== undefined) {
    return `list of ${describeType(type.items)}`;
  }
  return type.additionalProperties !== undefined
    ? `map of ${describeType(type.additionalProperties)}`
    : (type as { readonly type: string }).type;
}
