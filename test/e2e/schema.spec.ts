import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { ReviewProgram } from "./support/reviewProgram";
import { sharedSandbox } from "../support/sandbox";

const components = resolve(__dirname, "../../../components");

interface PackageSchema {
  readonly resources: {
    readonly "secure-environment:index:SecureEnvironment": {
      readonly inputProperties: object;
      readonly properties: object;
    };
  };
}

describe("the package", function () {
  this.timeout(300_000);

  it("offers users of every language what its committed schema says", async () => {
    const program = new ReviewProgram(await sharedSandbox());
    const { stdout } = await program.succeed(["package", "get-schema", components]);
    program.remove();
    const committed = readFileSync(resolve(components, "schema.json"), "utf8");
    expect(propertiesOf(stdout)).to.deep.equal(propertiesOf(committed));
  });
});

/** The engine leaves out of a schema what it takes for granted, so only names are compared. */
function propertiesOf(schema: string) {
  const { resources } = JSON.parse(schema) as PackageSchema;
  const resource = resources["secure-environment:index:SecureEnvironment"];
  return {
    inputs: Object.keys(resource.inputProperties).sort(),
    outputs: Object.keys(resource.properties).sort(),
  };
}
