import { type ComplexType, type Type } from "@pulumi/pulumi/provider/experimental/schema";
import { type PackageSchema } from "#components/core/schemaShapes";

/** What a docstring says of a property: what it means, and the default of one that may be left out. */
export interface Meaning {
  readonly meaning: string;
  readonly byDefault?: string;
}

/** A docstring in single lines: its first paragraph, and the one that tells the default. */
export function meaningOf(description = ""): Meaning {
  const [meaning = "", byDefault] = description.split("\n\n").map(inOneLine);
  return { meaning, byDefault };
}

export function inOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** What a property is made of: the type itself, or what each item of a list or a map is. */
export function innermostType(type: Type): Type {
  const inner = type.items ?? type.additionalProperties;
  return inner === undefined ? type : innermostType(inner);
}

/** The short name of one of the schema's own types; none for others. */
export function typeName(type: Type): string | undefined {
  return "$ref" in type ? type.$ref.split(":").at(-1) : undefined;
}

/** One of the schema's own types: an enum, or an object. */
export function ownType(type: Type, { types }: PackageSchema): ComplexType | undefined {
  return "$ref" in type ? types[type.$ref.replace("#/types/", "")] : undefined;
}
