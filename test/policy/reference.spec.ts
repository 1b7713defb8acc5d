import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { policies } from "#policy/policies/index";
import { referenceOf } from "#policy/reference";

const file = join(__dirname, "../../..", "policy", "README.md");
const mark = "<!-- The rest is written by UPDATE_DOCS=1 npm test. -->\n";

describe("the reference of the policy pack", () => {
  const written = `\n${referenceOf(policies)}\n`;

  before("write it when it is to change", () => {
    if (process.env.UPDATE_DOCS === "1") {
      const [introduction = ""] = readFileSync(file, "utf8").split(mark);
      writeFileSync(file, introduction + mark + written);
    }
  });

  it("is what the policies say of themselves (after a change on purpose: UPDATE_DOCS=1 npm test)", () => {
    expect(readFileSync(file, "utf8").split(mark)[1]).to.equal(written);
  });

  it("is counted right by the README", () => {
    const readme = readFileSync(join(file, "../../README.md"), "utf8");
    expect(readme).to.contain(`a CrossGuard pack of ${policies.length} policies`);
  });

  it("is told in sentences, with a policy's name for each", () => {
    const names = policies.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    for (const { name, description, threat, remediation, url } of policies) {
      expect(name).to.match(/^[a-z]+(-[a-z]+)+$/);
      for (const text of [description, threat, remediation]) {
        expect(text, name).to.match(/^[A-Z].*\.$/s);
      }
      expect(url, name).to.match(/^https:\/\//);
    }
  });
});
