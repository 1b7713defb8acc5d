import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  inputsShape,
  type PackageSchema,
  secretProperties,
  textShapes,
} from "#components/core/schemaShapes";
import {
  boolean,
  choice,
  instant,
  later,
  list,
  map,
  number,
  object,
  secret,
  text,
} from "#components/core/shape";

const schemaFile = join(__dirname, "..", "..", "..", "..", "components", "schema.json");

/** A package whose component has the name of one of ours, so that what is said of it counts. */
const shop: PackageSchema = {
  name: "shop",
  resources: {
    "shop:index:SecureEnvironment": {
      type: "object",
      inputProperties: {
        now: { type: "string", plain: true },
        kind: { $ref: "#/types/shop:index:Kind", plain: true },
        imageRegistries: {
          type: "array",
          items: { $ref: "#/types/shop:index:Registry", plain: true },
          plain: true,
        },
        labels: { type: "object", additionalProperties: { type: "string" } },
      },
      requiredInputs: ["kind", "now"],
    },
  },
  types: {
    "shop:index:Kind": {
      type: "string",
      enum: [
        { name: "Small", value: "small" },
        { name: "Large", value: "large" },
      ],
    },
    "shop:index:Registry": {
      type: "object",
      properties: {
        port: { type: "number", plain: true },
        open: { type: "boolean", plain: true },
        password: { type: "string" },
      },
      required: ["password", "port"],
    },
  },
};

describe("the shape of arguments by a schema", () => {
  it("has the types, in the schema's order, and lets be known later what is not plain", () => {
    const registry = object({ port: number, open: boolean, password: later(text) }, [
      "port",
      "password",
    ]);
    const shape = inputsShape("SecureEnvironment", shop);
    expect(shape).to.deep.equal(
      object(
        {
          now: instant,
          kind: choice({ Small: "small", Large: "large" }),
          imageRegistries: secret(list(registry)),
          labels: later(map(later(text))),
        },
        ["now", "kind"],
      ),
    );
    expect(Object.keys(shape.properties)).to.deep.equal([
      "now",
      "kind",
      "imageRegistries",
      "labels",
    ]);
  });

  it("says more than the schema only of properties that are there", () => {
    const { resources, types } = JSON.parse(readFileSync(schemaFile, "utf8")) as PackageSchema;
    const described = [
      ...Object.entries(resources).map(([name, { inputProperties }]) => [name, inputProperties]),
      ...Object.entries(types).map(([name, { properties }]) => [name, properties]),
    ] as [string, object | undefined][];
    const paths = described.flatMap(([token, properties = {}]) =>
      Object.keys(properties).map((name) => `${token.split(":").at(-1)}.${name}`),
    );
    expect(paths).to.include.members([...Object.keys(textShapes), ...secretProperties]);
  });
});
