import { expect } from "chai";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { guarantees } from "#policy/guarantees/index";
import { judgedCases } from "../support/guaranteeCases";
import { unknownText } from "../support/policyAnalyzer";

/** Mocha loads each spec once, whoever asks for it first. */
for (const file of readdirSync(__dirname).filter((name) => name.endsWith(".spec.js"))) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- importing would be too late
  require(join(__dirname, file));
}

describe("the cases of the guarantees", () => {
  for (const { name, settings } of guarantees) {
    const casesOf = () => judgedCases.get(name) ?? [];

    it(`have ${name} kept, broken and judged before everything is known`, () => {
      const cases = casesOf();
      expect(
        cases.some(({ finds = [] }) => finds.length === 0),
        "kept",
      ).to.equal(true);
      expect(
        cases.some(({ finds = [] }) => finds.length > 0),
        "broken",
      ).to.equal(true);
      expect(JSON.stringify(cases).includes(unknownText), "unknown").to.equal(true);
    });

    it(`have every setting of ${name} set`, () => {
      const set = casesOf().flatMap((guaranteeCase) => Object.keys(guaranteeCase.settings ?? {}));
      expect(set).to.include.members(Object.keys(settings));
    });
  }

  it("are of guarantees that the pack has", () => {
    expect([...judgedCases.keys()]).to.have.members(guarantees.map(({ name }) => name));
  });
});
