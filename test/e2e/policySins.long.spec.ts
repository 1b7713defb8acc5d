import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { guarantees } from "#policy/guarantees/index";
import {
  policyFolder,
  RawProgram,
  type RawResource,
  violatedPolicies,
} from "../support/rawProgram";
import { setScene } from "../support/scene";
import { sins } from "../support/sins";

describe("a program of raw objects, previewed with the policy pack", function () {
  this.timeout(60_000);
  const scene = setScene();
  let program: RawProgram;
  let walled: readonly RawResource[];
  let folder: string;

  before("write down what an environment is made of", async () => {
    program = await RawProgram.create(scene.sandbox);
    walled = await program.walledEnvironment();
    folder = mkdtempSync(join(tmpdir(), "secure-environment-sins-"));
  });

  after(() => {
    program.remove();
    rmSync(folder, { recursive: true });
  });

  it("passes when it has every wall", async () => {
    const preview = await program.preview(walled);
    expect(preview.exitCode, preview.output).to.equal(0);
    expect(preview.output).to.match(/✅ secure-environment@v/);
  });

  it("is tried with a sin against every policy", () => {
    expect(sins.length).to.be.at.least(50);
    const tried = new Set(sins.map(({ policy }) => policy));
    expect([...tried]).to.have.members(guarantees.map(({ name }) => name));
  });

  for (const { sin, policy, configuration = {}, commit } of sins) {
    it(`is refused by ${policy} for ${sin}`, async () => {
      const preview = await program.preview(commit(walled), policyFolder, written(configuration));
      expect(preview.exitCode, preview.output).not.to.equal(0);
      expect(violatedPolicies(preview), preview.output).to.include(policy);
    });
  }

  function written(configuration: object): string {
    const file = join(folder, "configuration.json");
    writeFileSync(file, JSON.stringify(configuration));
    return file;
  }
});
