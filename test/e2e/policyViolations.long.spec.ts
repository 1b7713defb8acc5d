import { expect } from "chai";
import { policyFolder, violatedPolicies } from "../policy/support/rawProgram";
import { setRawScene } from "../policy/support/rawScene";
import { violatingPrograms } from "../policy/support/violatingPrograms";

/**
 * Every program when all are asked for, else one of each policy: the pack judges all of them in
 * test/policy/violatingPrograms.spec.ts.
 */
const tried =
  process.env.EXHAUSTIVE === undefined
    ? [...new Map(violatingPrograms.map((program) => [program.policy, program])).values()]
    : violatingPrograms;

describe("a program of raw objects, previewed with the policy pack", function () {
  this.timeout(300_000);
  const scene = setRawScene();

  it("passes when it has every wall", async () => {
    const preview = await scene.raw.preview(scene.walled);
    expect(preview.exitCode, preview.output).to.equal(0);
    expect(preview.output).to.match(/✅ secure-environment@v/);
  });

  for (const { fault, policy, isAlone = false, configuration = {}, change } of tried) {
    it(`is refused by ${policy} for ${fault}`, async () => {
      const preview = await scene.raw.preview(
        change(scene.walled),
        policyFolder,
        scene.configurationFile(configuration),
      );
      expect(preview.exitCode, preview.output).not.to.equal(0);
      expect(violatedPolicies(preview), preview.output).to.include(policy);
      if (isAlone) {
        expect(new Set(violatedPolicies(preview)), preview.output).to.deep.equal(new Set([policy]));
      }
    });
  }
});
