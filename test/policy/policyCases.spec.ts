import { expect } from "chai";
import Mocha from "mocha";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { policies } from "#policy/policies/index";
import { judgedCases } from "./support/policyCases";
import { unknownText } from "./support/policyAnalyzer";

describe("the cases of the policies", () => {
  before("load the specs with the cases", loadOtherSpecs);

  after(() => {
    const count = [...judgedCases.values()].flat().length;
    console.log(
      `  ${judgedCases.size} policies were judged in ${count} cases, each of them as it is, with secrets, without properties, and with unknown ones.`,
    );
  });

  for (const { name, settings } of policies) {
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
      const set = casesOf().flatMap((policyCase) => Object.keys(policyCase.settings ?? {}));
      expect(set).to.include.members(Object.keys(settings));
    });
  }

  it("are of policies that the pack has", () => {
    expect([...judgedCases.keys()]).to.have.members(policies.map(({ name }) => name));
  });
});

/**
 * Loads the other specs without running them, as they may run in other processes: for a Mocha of
 * their own, and neither with what an earlier load has left nor with something left for a later one.
 */
async function loadOtherSpecs(): Promise<void> {
  const mocha = new Mocha();
  readdirSync(__dirname)
    .filter((name) => name.endsWith(".spec.js"))
    .map((name) => join(__dirname, name))
    .filter((file) => file !== __filename)
    .forEach((file) => mocha.addFile(file));
  mocha.unloadFiles();
  judgedCases.clear();
  await mocha.loadFilesAsync();
  mocha.unloadFiles();
}
