import { expect } from "chai";
import fc from "fast-check";
import { argumentShapes } from "#components/environment/argumentShapes";
import { readArguments } from "#components/core/configuredArguments";
import { platformShapes } from "#components/platform/platformShapes";
import { object, type Shape, shapeProblems } from "#components/core/shape";
import { propertyRuns } from "../../support/propertyRuns";

/** A place in an argument where something is expected, and what the argument is with it there. */
interface Place {
  readonly property: string;
  readonly shape: Shape;
  readonly holding: (value: unknown) => unknown;
}

const schemas: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  "an environment": argumentShapes,
  "a platform": platformShapes,
};

/** The argument itself is no such place: Pulumi makes a text of it before the program reads it. */
const placesOf = (shapes: Readonly<Record<string, Shape>>) =>
  Object.entries(shapes).flatMap(([property, shape]) =>
    placesIn({ property, shape, holding: (value) => value }).filter(
      (place) => place.property !== property,
    ),
  );

for (const [whose, shapes] of Object.entries(schemas)) {
  describe(`without quotes, in the configuration of ${whose}`, () => {
    const places = placesOf(shapes);

    for (const place of places.filter(({ shape }) => shape.kind === "text")) {
      it(`${place.property} is no number, boolean or date`, () => {
        fc.assert(
          fc.property(anyUnquoted(), (value) => {
            const [problem] = problemsOf(place, value, shapes);
            expect(problem?.fault).to.match(/^is a (number|boolean|date) and no text/);
          }),
          { numRuns: propertyRuns(20) },
        );
      });
    }

    for (const place of places.filter(({ shape }) => shape.kind === "amount")) {
      it(`${place.property} is a number with all its digits, or refused`, () => {
        fc.assert(
          fc.property(fc.oneof(fc.integer(), finiteNumber, anyLongNumber()), (value) => {
            const [problem] = problemsOf(place, value, shapes);
            const isKept = /^-?[\d.]{1,15}$/.test(String(value));
            expect(problem?.fault.split(",")[0]).to.equal(
              isKept ? undefined : "is a number and no text",
            );
          }),
          { numRuns: propertyRuns(50) },
        );
      });
    }
  });
}

function problemsOf(place: Place, value: unknown, shapes: Readonly<Record<string, Shape>>) {
  const argument = /^\w+/.exec(place.property)![0];
  const text = JSON.stringify(place.holding(value));
  const key = `review:${argument}`;
  const secretKeys = shapes[argument]?.kind === "secret" ? [key] : [];
  const { args } = readArguments(
    { configuration: { [key]: text }, pulumiProject: "review", secretKeys },
    { shapes, owners: "environments" },
  );
  return shapeProblems("", args, object(shapes)).filter(
    ({ property }) => property === place.property,
  );
}

function placesIn(place: Place): Place[] {
  const { shape } = place;
  if (shape.kind === "later" || shape.kind === "secret") {
    return placesIn({ ...place, shape: shape.value });
  }
  if (shape.kind === "list") {
    return inside(place, "[0]", shape.item, (value) => [value]);
  }
  if (shape.kind === "map") {
    return inside(place, '["a"]', shape.value, (value) => ({ a: value }));
  }
  return shape.kind === "object"
    ? Object.entries(shape.properties).flatMap(([key, member]) =>
        inside(place, `.${key}`, member, (value) => ({ [key]: value })),
      )
    : [place];
}

function inside(
  { property, holding }: Place,
  step: string,
  shape: Shape,
  wrap: (value: unknown) => unknown,
): Place[] {
  return placesIn({ property: property + step, shape, holding: (value) => holding(wrap(value)) });
}

/** What Pulumi makes of YAML without quotes. */
function anyUnquoted(): fc.Arbitrary<unknown> {
  const date = fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") })
    .map((one) => `${one.toISOString().slice(0, 19).replace("T", " ")} +0000 UTC`);
  const zoned = fc.constant("2026-01-31 10:00:00.5 -0330 -0330");
  return fc.oneof(fc.integer(), anyLongNumber(), fc.boolean(), date, zoned);
}

/** JSON has no others. */
const finiteNumber = fc.double({ noNaN: true, noDefaultInfinity: true });

function anyLongNumber(): fc.Arbitrary<number> {
  return fc.bigInt({ min: 10n ** 15n, max: 10n ** 22n }).map(Number);
}
