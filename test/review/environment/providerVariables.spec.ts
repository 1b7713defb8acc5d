import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { providerOptions } from "secure-environment/core";
import { destroy } from "#review/commands/destroy";
import { up } from "#review/commands/up";
import { ReviewError } from "#review/exitCodes";
import { requireHarmlessProvider } from "#review/environment/providerVariables";

const options = providerOptions.filter(({ variable }) => variable !== undefined);
const values = new Map(options.map(({ variable = "" }) => [variable, process.env[variable]]));

describe("variables by which the provider takes over, overwrites or forgets", () => {
  const settings = mkdtempSync(join(tmpdir(), "secure-environment-variables-"));

  before(() => writeFileSync(join(settings, "review.yaml"), "project: shop\n"));

  after(() => rmSync(settings, { recursive: true }));

  afterEach(() => {
    for (const [variable, value] of values) {
      if (value === undefined) {
        delete process.env[variable];
      } else {
        process.env[variable] = value;
      }
    }
  });

  const verbs: Readonly<Record<string, () => Promise<void>>> = {
    up: () => up("x", { settings, set: [], wait: "1s", refresh: true, policy: true }),
    destroy: () => destroy("x", { settings, wait: "1s" }),
  };
  for (const [verb, run] of Object.entries(verbs)) {
    for (const { variable = "", fault } of options) {
      it(`are refused by ${verb} before it looks at anything: ${variable}`, async () => {
        process.env[variable] = "on";
        const refusal = await run().catch((error: unknown) => error);
        expect(refusal).to.be.instanceOf(ReviewError);
        const { exitCode, message } = refusal as ReviewError;
        expect(exitCode).to.equal(2);
        expect(message).to.equal(`${variable} ${fault}. Unset the environment variable.`);
      });
    }
  }

  it("are told all at once", () => {
    options.forEach(({ variable = "" }) => (process.env[variable] = "on"));
    expect(() => requireHarmlessProvider())
      .to.throw(ReviewError)
      .with.property("message")
      .that.satisfies((message: string) => message.split("\n").length === options.length);
  });

  it("are taken where they ask for nothing", () => {
    for (const index of [0, -1]) {
      for (const { variable = "", harmless } of options) {
        process.env[variable] = harmless.at(index);
      }
      requireHarmlessProvider();
    }
  });
});
