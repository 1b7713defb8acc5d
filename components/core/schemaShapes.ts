import {
  type ComplexType,
  type PackageSpec,
  type Property,
  type Type,
} from "@pulumi/pulumi/provider/experimental/schema";
import {
  amount,
  boolean,
  choice,
  instant,
  later,
  list,
  map,
  number,
  object,
  type ObjectShape,
  secret,
  type Shape,
  text,
} from "./shape";

/** The package's Pulumi schema, which `npm run schema` infers from the interfaces. */
export type PackageSchema = Readonly<PackageSpec>;

/** What texts stand for, which the schema does not say: by property, the texts inside included. */
export const textShapes: Readonly<Record<string, Shape>> = {
  "SecureEnvironment.now": instant,
  "SecureEnvironment.expiresAt": instant,
  "HoleArgs.expiresAt": instant,
  "SecureEnvironment.quota": amount,
  "SecureEnvironment.podMaximum": amount,
  "SecureEnvironment.volumeMaximum": amount,
  "ContainerDefaultsArgs.requests": amount,
  "ContainerDefaultsArgs.limits": amount,
  "ReviewPlatform.ceilings": amount,
};

/** The properties that no message may show, which the schema does not say either. */
export const secretProperties: readonly string[] = ["SecureEnvironment.imageRegistries"];

/** What the arguments of a component of this package have to look like. */
export function argumentsShape(component: string): ObjectShape {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it lies outside of what is compiled
  return inputsShape(component, require("../../schema.json") as PackageSchema);
}

/** What the inputs of a component have to look like, by the schema of its package. */
export function inputsShape(component: string, schema: PackageSchema): ObjectShape {
  const { inputProperties, requiredInputs } =
    schema.resources[`${schema.name}:index:${component}`] ?? {};
  return objectShape(component, inputProperties, requiredInputs, schema);
}

/** The schema sorts what is required; messages name it in the order of the properties. */
function objectShape(
  owner: string,
  properties: Readonly<Record<string, Property>> = {},
  required: readonly string[] = [],
  schema: PackageSchema,
): ObjectShape {
  const names = Object.keys(properties);
  const shapes = Object.entries(properties).map(([name, property]) => [
    name,
    propertyShape(`${owner}.${name}`, property, schema),
  ]);
  return object(
    Object.fromEntries(shapes) as Record<string, Shape>,
    names.filter((name) => required.includes(name)),
  );
}

function propertyShape(path: string, property: Property, schema: PackageSchema): Shape {
  const shape = typeShape(property, textShapes[path] ?? text, schema);
  return secretProperties.includes(path) ? secret(shape) : shape;
}

/** What a program may leave to be known later is what the schema does not call plain. */
function typeShape(type: Type, ofText: Shape, schema: PackageSchema): Shape {
  const shape = plainShape(type, ofText, schema);
  return type.plain === true ? shape : later(shape);
}

function plainShape(type: Type, ofText: Shape, schema: PackageSchema): Shape {
  if ("$ref" in type) {
    return namedShape(type.$ref, schema);
  }
  if (type.items !== undefined) {
    return list(typeShape(type.items, ofText, schema));
  }
  if (type.additionalProperties !== undefined) {
    return map(typeShape(type.additionalProperties, ofText, schema));
  }
  return scalarShape(type.type, ofText);
}

function scalarShape(type: string, ofText: Shape): Shape {
  switch (type) {
    case "number":
      return number;
    case "boolean":
      return boolean;
    default:
      return ofText;
  }
}

/** A type of the schema's own: an enum, or an object. */
function namedShape(reference: string, schema: PackageSchema): Shape {
  const token = reference.replace("#/types/", "");
  const type: Partial<ComplexType> = schema.types[token] ?? {};
  const { enum: members, properties, required } = type;
  return members === undefined
    ? objectShape(token.split(":").at(-1) ?? token, properties, required, schema)
    : choice(Object.fromEntries(members.map(({ name, value }) => [name, String(value)])));
}
