import { expect } from "chai";
import { standsForAnother } from "#policy/pulumiValues";
import { unknownValues } from "./support/unknownValues";

describe("a value of Pulumi", () => {
  const values = {
    ...unknownValues,
    output: { __pulumiOutput: true },
    secret: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" },
  };

  for (const [what, value] of Object.entries(values)) {
    it(`only stands for another one where it is ${what}`, () => {
      expect(standsForAnother(value)).to.be.true;
    });
  }

  for (const value of ["text", 1, true, null, undefined, [], {}, { __pulumiOutput: false }]) {
    it(`is itself where it is ${JSON.stringify(value)}`, () => {
      expect(standsForAnother(value)).to.be.false;
    });
  }
});
