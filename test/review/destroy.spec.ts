import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { destroy } from "#review/commands/destroy";
import { ReviewError } from "#review/exitCodes";

describe("a stack that the settings let stay", () => {
  const settings = mkdtempSync(join(tmpdir(), "secure-environment-stays-"));

  after(() => rmSync(settings, { recursive: true }));

  for (const name of ["review-x", "organization/shop/review-x"]) {
    it(`is not destroyed, however its branch is called: ${name}`, async () => {
      const content = { project: "shop", permanent: [name] };
      writeFileSync(join(settings, "review.yaml"), JSON.stringify(content));
      const refusal = await destroy("x", { settings, wait: "1s" }).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(ReviewError);
      const { exitCode, message } = refusal as ReviewError;
      expect(exitCode).to.equal(10);
      expect(message).to.contain("organization/shop/review-x is one of `permanent`");
      expect(message).to.contain("take it off that list");
    });
  }
});
