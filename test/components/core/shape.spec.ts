import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import {
  amount,
  boolean,
  choice,
  later,
  list,
  map,
  number,
  object,
  secret,
  type Shape,
  shapeProblems,
  text,
  withTexts,
} from "#components/core/shape";

const peer = object(
  {
    name: text,
    open: boolean,
    labels: map(text),
    ports: list(object({ port: number }, ["port"])),
    kind: choice({ Pods: "pods", Addresses: "addresses" }),
    owner: later(text),
    password: secret(later(text)),
  },
  ["name"],
);

describe("the shape of arguments", () => {
  it("is right when every value has its type, and what is optional is left out", () => {
    expect(found({ name: "a" })).to.deep.equal([]);
    const full = {
      name: "a",
      open: false,
      labels: { app: "shop" },
      ports: [{ port: 80 }],
      kind: "pods",
      owner: "jane",
      password: "hunter2",
    };
    expect(found(full)).to.deep.equal([]);
    expect(found({ name: "a", open: undefined })).to.deep.equal([]);
  });

  const faults: [string, unknown, string[]][] = [
    ["a list where an object is wanted", [], ["peer: has the wrong shape"]],
    ["nothing where an object is wanted", null, ["peer: has the wrong shape"]],
    ["a missing property", {}, ["peer.name: is missing"]],
    ["a property that nobody knows", { name: "a", port: 1 }, ["peer.port: is not known"]],
    ["a property of every object", { name: "a", toString: 1 }, ["peer.toString: is not known"]],
    [
      "a text where a number is wanted",
      { name: "a", ports: [{ port: "80" }] },
      ["peer.ports[0].port: has the wrong shape"],
    ],
    ["a number where a text is wanted", { name: 1 }, [`peer.name: ${noText("number")}`]],
    ["a boolean where a text is wanted", { name: true }, [`peer.name: ${noText("boolean")}`]],
    [
      "a date where a text is wanted",
      { name: "2026-01-31 00:00:00 +0000 UTC" },
      [`peer.name: ${noText("date")}`],
    ],
    ["nothing where a text is wanted", { name: null }, ["peer.name: has the wrong shape"]],
    [
      "a text where a list is wanted",
      { name: "a", ports: "80" },
      ["peer.ports: has the wrong shape"],
    ],
    [
      "a text where a map is wanted",
      { name: "a", labels: "app" },
      ["peer.labels: has the wrong shape"],
    ],
    [
      "a value of a map",
      { name: "a", labels: { app: 1 } },
      [`peer.labels["app"]: ${noText("number")}`],
    ],
    [
      "a list that leaves an item out",
      { name: "a", ports: Object.assign([], { 1: { port: 80 } }) },
      ["peer.ports[0]: has the wrong shape"],
    ],
    [
      "a `Map` where a map is wanted",
      { name: "a", labels: new Map([["app", "shop"]]) },
      ["peer.labels: has the wrong shape"],
    ],
    [
      "a function where a value may be known later",
      { name: "a", owner: () => "jane" },
      ["peer.owner: has the wrong shape"],
    ],
    [
      "what only looks like a promise",
      { name: "a", owner: { then: "jane" } },
      ["peer.owner: has the wrong shape"],
    ],
    [
      "keys that have to be quoted",
      { name: "a", "": 1, 'a"b': 1, labels: { 'a"b': 1 } },
      [
        'peer[""]: is not known',
        'peer["a\\"b"]: is not known',
        `peer.labels["a\\"b"]: ${noText("number")}`,
      ],
    ],
    ["a choice that nobody knows", { name: "a", kind: "pod" }, ["peer.kind: is not known"]],
    ["a choice that is no text", { name: "a", kind: 1 }, ["peer.kind: is not known"]],
    [
      "several faults at once",
      { open: "yes", ports: [{}, 1] },
      [
        "peer.open: has the wrong shape",
        "peer.ports[0].port: is missing",
        "peer.ports[1]: has the wrong shape",
        "peer.name: is missing",
      ],
    ],
  ];
  for (const [name, value, expected] of faults) {
    it(`is wrong with ${name}`, () => {
      expect(found(value)).to.deep.equal(expected);
    });
  }

  it("is right with a label that is called like the method of a promise", () => {
    expect(found({ name: "a", labels: { then: "shop" } })).to.deep.equal([]);
  });

  it("names the nearest property or choice", () => {
    const [problem] = shapeProblems("peer", { name: "a", lables: {} }, peer);
    expect(problem?.remedy).to.equal("Did you mean `labels`?");
    expect(shapeProblems("kind", "pod", choice({ A: "pods", B: "ranges" }))[0]?.remedy).to.equal(
      "Did you mean `pods`?",
    );
  });

  it("takes what is known only later where it only describes, and nowhere else", () => {
    expect(
      found({ name: "a", owner: pulumi.output("x"), password: Promise.resolve("x") }),
    ).to.deep.equal([]);
    const faulty = shapeProblems("peer", { name: pulumi.output("a") }, peer);
    expect(faulty.map(({ property, fault }) => `${property}: ${fault}`)).to.deep.equal([
      "peer.name: is an Output, but what defines a wall is judged before anything is created",
    ]);
  });

  it("never shows what is secret", () => {
    const problems = shapeProblems("peer", { name: "a", password: 12345 }, peer);
    expect(problems.map(({ property }) => property)).to.deep.equal(["peer.password"]);
    expect(JSON.stringify(problems)).not.to.contain("12345");
  });
});

describe("configuration that is read as amounts", () => {
  const cases: [string, Shape, unknown, unknown][] = [
    [
      "a number, and no boolean",
      map(amount),
      { a: 1.5, b: true, c: "x" },
      { a: "1.5", b: true, c: "x" },
    ],
    ["numbers in a list", list(later(amount)), [1, "x", -2], ["1", "x", "-2"]],
    [
      "no number that may have had other digits",
      list(amount),
      [12345678901234567000, 0.1 + 0.2, 1e-7, Number.NaN],
      [12345678901234567000, 0.1 + 0.2, 1e-7, Number.NaN],
    ],
    [
      "nothing where no amount is wanted",
      peer,
      { name: 1, ports: [{ port: 80 }], open: true },
      { name: 1, ports: [{ port: 80 }], open: true },
    ],
    ["no value of the wrong shape", list(text), "x", "x"],
    ["no property that nobody knows", object({}), { a: 1 }, { a: 1 }],
  ];
  for (const [name, shape, value, expected] of cases) {
    it(`turns ${name}`, () => {
      expect(withTexts(value, shape)).to.deep.equal(expected);
    });
  }
});

function noText(type: string): string {
  return `is a ${type} and no text, and was perhaps written otherwise`;
}

function found(value: unknown): string[] {
  return shapeProblems("peer", value, peer).map(({ property, fault }) => `${property}: ${fault}`);
}
