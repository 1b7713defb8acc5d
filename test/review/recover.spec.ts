import { expect } from "chai";
import { providerOptions } from "secure-environment/core";
import { ReviewError } from "#review/exitCodes";
import { recover } from "#review/commands/recover";

describe("a recovery", () => {
  for (const { variable = "", fault } of providerOptions.filter((option) => option.variable)) {
    it(`refuses ${variable} before it touches the stack`, async () => {
      process.env[variable] = "on";
      const refusal = await recover("review-x").catch((error: unknown) => error);
      delete process.env[variable];
      expect(refusal).to.be.instanceOf(ReviewError);
      expect((refusal as ReviewError).exitCode).to.equal(2);
      expect((refusal as ReviewError).message).to.equal(
        `${variable} ${fault}. Unset the environment variable.`,
      );
    });
  }
});
