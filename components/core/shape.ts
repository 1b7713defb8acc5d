import { problem, type Problem, shownKey, suggestKey } from "./problems";
import { unknownArgumentRemedy } from "./unknownArguments";

/**
 * What a value has to look like. Arguments come from typed programs, but also from configuration
 * and from other languages, where nothing has checked them before.
 */
export type Shape =
  | { readonly kind: "text" }
  /** A text that stands for an amount, such as `500m`. In configuration it may be a number. */
  | { readonly kind: "amount" }
  /** A text that stands for an instant. */
  | { readonly kind: "instant" }
  | { readonly kind: "number" }
  | { readonly kind: "boolean" }
  | { readonly kind: "choice"; readonly members: readonly string[] }
  | { readonly kind: "list"; readonly item: Shape }
  | { readonly kind: "map"; readonly value: Shape }
  | ObjectShape
  /** A value that may be known only later; if it is known now, it looks like this. */
  | { readonly kind: "later"; readonly value: Shape }
  /** A value that no message may show. */
  | { readonly kind: "secret"; readonly value: Shape };

/** An object with a closed list of properties. */
export interface ObjectShape {
  readonly kind: "object";
  readonly properties: Readonly<Record<string, Shape>>;
  readonly required: readonly string[];
}

export const text: Shape = { kind: "text" };
export const amount: Shape = { kind: "amount" };
export const instant: Shape = { kind: "instant" };
export const number: Shape = { kind: "number" };
export const boolean: Shape = { kind: "boolean" };

export function choice(members: Readonly<Record<string, string>>): Shape {
  return { kind: "choice", members: Object.values(members) };
}

export function list(item: Shape): Shape {
  return { kind: "list", item };
}

export function map(value: Shape): Shape {
  return { kind: "map", value };
}

export function object(
  properties: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
): ObjectShape {
  return { kind: "object", properties, required };
}

export function later(value: Shape): Shape {
  return { kind: "later", value };
}

export function secret(value: Shape): Shape {
  return { kind: "secret", value };
}

/** Everything that does not look as it should, each with the property as the user writes it. */
export function shapeProblems(property: string, value: unknown, shape: Shape): Problem[] {
  if (isKnownLater(value)) {
    return mayBeKnownLater(shape) ? [] : [knownTooLate(property)];
  }
  if (isScalar(shape)) {
    return scalarProblems(property, value, shape);
  }
  switch (shape.kind) {
    case "choice":
      return choiceProblems(property, value, shape.members);
    case "list":
      return listProblems(property, value, shape);
    case "map":
      return mapProblems(property, value, shape);
    case "object":
      return objectProblems(property, value, shape);
    case "later":
      return shapeProblems(property, value, shape.value);
    case "secret":
      return shapeProblems(property, value, shape.value).map(withoutFound);
  }
}

/**
 * The value as it was meant where configuration without quotes means the same: `pods: 20` is
 * `pods: "20"`. All other texts stay what configuration made of them, to be refused: the name
 * of a user, `0012345`, has become 5349, which may be the name of another one.
 */
export function withTexts(value: unknown, shape: Shape): unknown {
  if (isKnownLater(value)) {
    return value;
  }
  if (isScalar(shape)) {
    return scalarAsMeant(value, shape);
  }
  switch (shape.kind) {
    case "list":
      return Array.isArray(value) ? value.map((item) => withTexts(item, shape.item)) : value;
    case "map":
      return mapValues(value, () => shape.value);
    case "object":
      return mapValues(value, (key) => shape.properties[key]);
    case "later":
    case "secret":
      return withTexts(value, shape.value);
    case "choice":
      return value;
  }
}

function scalarAsMeant(value: unknown, { kind }: Scalar): unknown {
  if (kind === "instant") {
    return withInstant(value);
  }
  return kind === "amount" && isExact(value) ? String(value) : value;
}

/** Whether a number has all digits that were written: JSON's numbers hold at least 15 of them. */
function isExact(value: unknown): value is number {
  return typeof value === "number" && /^-?[\d.]{1,15}$/.test(String(value));
}

/** YAML takes an instant without quotes for one, and Pulumi hands it on in Go's own notation. */
function withInstant(value: unknown): unknown {
  return typeof value === "string"
    ? value.replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}) \+0000 UTC$/, "$1T$2Z")
    : value;
}

/** How a date without quotes comes in: Pulumi hands it on in Go's own notation. */
const unquotedDate = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)? [+-]\d{4} \S+$/;

const typeNames = {
  text: "string",
  amount: "string",
  instant: "string",
  number: "number",
  boolean: "boolean",
} as const;

/** An Output, or a promise of a value. A label may be called `then`. */
function isKnownLater(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    ("__pulumiOutput" in value || ("then" in value && typeof value.then === "function"))
  );
}

function mayBeKnownLater(shape: Shape): boolean {
  return shape.kind === "later" || (shape.kind === "secret" && mayBeKnownLater(shape.value));
}

function knownTooLate(property: string): Problem {
  const fault = "is an Output, but what defines a wall is judged before anything is created";
  return problem(property, fault, "Give a plain value.");
}

function withoutFound({ property, fault, remedy }: Problem): Problem {
  return problem(property, fault, remedy);
}

type Kind<Name extends Shape["kind"]> = Extract<Shape, { readonly kind: Name }>;

type Scalar = Kind<keyof typeof typeNames>;

function isScalar(shape: Shape): shape is Scalar {
  return shape.kind in typeNames;
}

function scalarProblems(property: string, value: unknown, shape: Scalar): Problem[] {
  const unquoted = unquotedName(value, shape);
  if (unquoted !== undefined) {
    return [withoutQuotes(property, value, unquoted)];
  }
  return typeof value === typeNames[shape.kind] ? [] : [wrongShape(property, value, shape)];
}

/** What configuration makes of some texts that are written without quotes. */
function unquotedName(value: unknown, { kind }: Scalar): string | undefined {
  if (typeof value === "string") {
    return kind === "text" && unquotedDate.test(value) ? "date" : undefined;
  }
  const isUnquoted = typeof value === "number" || typeof value === "boolean";
  return isUnquoted && typeNames[kind] === "string" ? typeof value : undefined;
}

/** The text that was written cannot be told from the value: `1.10` and `1.1` are the same number. */
function withoutQuotes(property: string, found: unknown, unquoted: string): Problem {
  const fault = `is a ${unquoted} and no text, and was perhaps written otherwise`;
  const remedy = `Write it in quotes, or set it with --type string, such as \`pulumi config set --path --type string '${property}' TEXT\`.`;
  return problem(property, fault, remedy, found);
}

function listProblems(property: string, value: unknown, shape: Kind<"list">): Problem[] {
  return Array.isArray(value)
    ? // A copy, because a list that leaves an item out would skip it.
      Array.from(value).flatMap((item, index) =>
        shapeProblems(`${property}[${index}]`, item, shape.item),
      )
    : [wrongShape(property, value, shape)];
}

function mapProblems(property: string, value: unknown, shape: Kind<"map">): Problem[] {
  return isMap(value)
    ? Object.entries(value).flatMap(([key, item]) =>
        shapeProblems(`${property}[${shownKey(key)}]`, item, shape.value),
      )
    : [wrongShape(property, value, shape)];
}

function choiceProblems(property: string, value: unknown, members: readonly string[]): Problem[] {
  if (typeof value === "string" && members.includes(value)) {
    return [];
  }
  const remedy =
    typeof value === "string" ? suggestKey(value, members) : `Known are ${members.join(", ")}.`;
  return [problem(property, "is not known", remedy, value)];
}

function objectProblems(property: string, value: unknown, shape: ObjectShape): Problem[] {
  if (!isMap(value)) {
    return [wrongShape(property, value, shape)];
  }
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  return [
    ...given.flatMap(([key, item]) => memberProblems(memberOf(property, key), key, item, shape)),
    ...missingProblems(
      property,
      given.map(([key]) => key),
      shape,
    ),
  ];
}

function missingProblems(property: string, given: readonly string[], shape: ObjectShape) {
  return shape.required
    .filter((key) => !given.includes(key))
    .map((key) =>
      problem(
        memberOf(property, key),
        "is missing",
        `Give ${describeShape(shape.properties[key] ?? text)}.`,
      ),
    );
}

function memberProblems(
  property: string,
  key: string,
  value: unknown,
  { properties }: ObjectShape,
): Problem[] {
  const shape = Object.hasOwn(properties, key) ? properties[key] : undefined;
  return shape === undefined
    ? [problem(property, "is not known", unknownArgumentRemedy(key, Object.keys(properties)))]
    : shapeProblems(property, value, shape);
}

function memberOf(property: string, key: string): string {
  if (!/^[\w$]+$/.test(key)) {
    return `${property}[${shownKey(key)}]`;
  }
  return property === "" ? key : `${property}.${key}`;
}

/** What stands in another's place may hold a password, so nothing of what is inside it is shown. */
function wrongShape(property: string, value: unknown, shape: Shape): Problem {
  const remedy = `Give ${describeShape(shape)}.`;
  const found = isEmptyOrPlain(value) ? value : undefined;
  return problem(property, "has the wrong shape", remedy, found);
}

function isEmptyOrPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

function describeShape(shape: Shape): string {
  switch (shape.kind) {
    case "text":
    case "amount":
    case "instant":
      return "a text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${shape.members.join(", ")}`;
    case "list":
      return `a list, each item ${describeShape(shape.item)}`;
    case "map":
      return `a map, each value ${describeShape(shape.value)}`;
    case "object":
      return `an object with ${Object.keys(shape.properties).join(", ")}`;
    case "later":
    case "secret":
      return describeShape(shape.value);
  }
}

/** What is kept in a list, a `Map` or a `Set` is in none of its properties. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !(Symbol.iterator in value);
}

/** Each value as its shape wants it; a value without a shape stays as it is. */
function mapValues(value: unknown, shapeOf: (key: string) => Shape | undefined): unknown {
  if (!isMap(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([key, item]) => {
    const shape = shapeOf(key);
    return [key, shape === undefined ? item : withTexts(item, shape)];
  });
  return Object.fromEntries(entries) as unknown;
}
