import { type Problem } from "./problems";
import { isMap, type ObjectShape, type Shape, shapeProblems } from "./shape";

/** The part of some arguments that can be judged, though others do not look as they should. */
export interface JudgeableArguments<Args> {
  readonly args: Partial<Args>;
  /**
   * The problems of that part, as the user who gave all arguments reads them: with the places that items
   * have in the lists as they were given, and without those of values that are misshapen anyway.
   */
  readonly told: (problems: readonly Problem[]) => Problem[];
}

/** Items of a list that can be judged, and the place of each in the list as it was given. */
interface JudgeableItems {
  readonly items: readonly unknown[];
  readonly places: readonly number[];
}

/**
 * Arguments that look as they should are judged as they are. Of lists those items are judged that can be:
 * of an object without a text that it must have, such as a hole without a reason, everything but this
 * text, and of one with a property that is not known everything else.
 */
export function judgeableArguments<Args extends object>(
  given: Args,
  shapes: Readonly<Record<string, Shape>>,
): JudgeableArguments<Args> {
  const args: Record<string, unknown> = {};
  const misshapen = new Set<string>();
  const places = new Map<string, readonly number[]>();
  for (const [key, shape] of givenShapes(given, shapes)) {
    const value = given[key as keyof Args] as unknown;
    shapeProblems(key, value, shape).forEach(({ property }) => misshapen.add(property));
    const { items, places: kept } = judgeableItems(value, shape) ?? {};
    const part = items ?? judgeablePart(value, shape);
    if (part !== undefined) {
      args[key] = part;
    }
    places.set(key, kept ?? []);
  }
  return {
    args: args as Partial<Args>,
    told: (problems) =>
      problems
        .map((problem) => inGivenPlaces(problem, places))
        .filter(({ property }) => !misshapen.has(property)),
  };
}

function givenShapes(given: object, shapes: Readonly<Record<string, Shape>>) {
  return Object.entries(shapes).filter(([key]) => given[key as keyof typeof given] !== undefined);
}

/** A list of nothing but misshapen items is none: it says something else than an empty one. */
function judgeableItems(value: unknown, given: Shape): JudgeableItems | undefined {
  const shape = inner(given);
  if (shape.kind !== "list" || !Array.isArray(value)) {
    return undefined;
  }
  const parts = Array.from(value as unknown[], (item) => judgeablePart(item, shape.item));
  const places = [...parts.keys()].filter((place) => parts[place] !== undefined);
  return places.length === 0 && parts.length > 0
    ? undefined
    : { items: places.map((place) => parts[place]), places };
}

/** As much of a value as can be judged; `undefined` where that is nothing. */
function judgeablePart(value: unknown, given: Shape): unknown {
  if (shapeProblems("", value, given).length === 0) {
    return value;
  }
  const shape = inner(given);
  if (shape.kind === "object") {
    return judgeableObject(value, shape);
  }
  return shape.kind === "list" ? judgeableList(value, shape.item) : undefined;
}

/** The place of an item is part of messages, so none is left out of a list inside of an item. */
function judgeableList(value: unknown, item: Shape): unknown {
  const parts = Array.isArray(value) ? value.map((one) => judgeablePart(one, item)) : [undefined];
  return parts.includes(undefined) ? undefined : parts;
}

function judgeableObject(value: unknown, { properties, required }: ObjectShape): unknown {
  if (!isMap(value)) {
    return undefined;
  }
  const names = Object.keys(properties).filter(
    (name) => value[name] !== undefined || required.includes(name),
  );
  const parts = names.map((name) => {
    const shape = properties[name] as Shape;
    const part = judgeablePart(value[name], shape);
    return [name, part ?? (required.includes(name) ? placeholder(value[name], shape) : undefined)];
  });
  return parts.some(([, part]) => part === undefined) ? undefined : Object.fromEntries(parts);
}

/** What stands for a value that must be there; what is wrong with the placeholder itself is not told. */
function placeholder(value: unknown, given: Shape): unknown {
  const { kind } = inner(given);
  if (kind === "text") {
    return "";
  }
  return kind === "list" && value === undefined ? [] : undefined;
}

function inner(shape: Shape): Shape {
  return shape.kind === "later" || shape.kind === "secret" ? inner(shape.value) : shape;
}

function inGivenPlaces(
  { property, fault, remedy, ...found }: Problem,
  places: ReadonlyMap<string, readonly number[]>,
): Problem {
  const replaced = (text: string) =>
    text.replace(/\b(\w+)\[(\d+)\]/g, (all, key: string, place: string) => {
      const given = places.get(key)?.[Number(place)];
      return given === undefined ? all : `${key}[${given}]`;
    });
  return {
    ...found,
    property: replaced(property),
    fault: replaced(fault),
    remedy: replaced(remedy),
  };
}
