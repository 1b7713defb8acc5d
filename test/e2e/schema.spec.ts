import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { ReviewProgram } from "../support/reviewProgram";
import { sharedSandbox } from "../support/sandbox";

const components = resolve(__dirname, "../../../components");

describe("the package", function () {
  this.timeout(120_000);

  it("gives the engine the schema that users of other languages get", async () => {
    const program = new ReviewProgram(await sharedSandbox());
    const { stdout } = await program.succeed(["package", "get-schema", components]);
    program.remove();
    const committed = JSON.parse(readFileSync(resolve(components, "schema.json"), "utf8"));
    expect(JSON.parse(stdout)).to.deep.equal(committed);
  });
});
