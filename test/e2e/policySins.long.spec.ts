import { expect } from "chai";
import { RawProgram, type RawResource, violatedPolicies } from "../support/rawProgram";
import { setScene } from "../support/scene";
import { sins } from "../support/sins";

describe("a program of raw objects, previewed with the policy pack", function () {
  this.timeout(60_000);
  const scene = setScene();
  let program: RawProgram;
  let walled: readonly RawResource[];

  before("write down what an environment is made of", async () => {
    program = await RawProgram.create(scene.sandbox);
    walled = await program.walledEnvironment();
  });

  after(() => program.remove());

  it("passes when it has every wall", async () => {
    const preview = await program.preview(walled);
    expect(preview.exitCode, preview.output).to.equal(0);
    expect(preview.output).to.match(/✅ secure-environment@v/);
  });

  for (const { sin, policy, commit } of sins) {
    it(`is refused by ${policy} for ${sin}`, async () => {
      const preview = await program.preview(commit(walled));
      expect(preview.exitCode, preview.output).not.to.equal(0);
      expect(violatedPolicies(preview), preview.output).to.include(policy);
    });
  }
});
