import { expect } from "chai";
import { readYaml } from "#review/settings/yaml";

describe("YAML of settings", () => {
  for (const [text, data] of [
    ["a: 12", { a: 12 }],
    ["a: '0012345'", { a: "0012345" }],
    ["a: [true, 1.5, null]", { a: [true, 1.5, null] }],
    ["a: &x {b: 1}\nc: *x", { a: { b: 1 }, c: { b: 1 } }],
    ["a: 2026-11-29", { a: "2026-11-29" }],
    ["", null],
  ] as const) {
    it(`is read as it is written: ${JSON.stringify(text)}`, () => {
      expect(readYaml(text)).to.deep.equal({ data });
    });
  }

  for (const [text, fault] of [
    [
      "a: 0012345",
      "line 1: 0012345 is read as 12345. Write it in quotes, or as the number that is meant",
    ],
    [
      "b: 1\na:\n  - 272038478462468099",
      "line 3: 272038478462468099 is read as 272038478462468100",
    ],
    ["a: 1e3", "line 1: 1e3 is read as 1000"],
    ["a: 0x10", "line 1: 0x10 is read as 16"],
    ["a: 1\na: 2", "line 2: the key was given before"],
    ["a: [", "this is no YAML"],
  ] as const) {
    it(`is refused where it stands for something else: ${JSON.stringify(text)}`, () => {
      const content = readYaml(text);
      expect("faults" in content && content.faults.join("\n")).to.contain(fault);
    });
  }
});
