import { expect } from "chai";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  disguised,
  policyFolder,
  RawProgram,
  type RawResource,
  violatedPolicies,
} from "../policy/support/rawProgram";
import { setScene } from "./support/scene";

describe("a runner's image with the policy pack", function () {
  this.timeout(300_000);
  const scene = setScene();
  let raw: RawProgram;
  let walled: readonly RawResource[];
  let folder: string;
  /** What the image sets. */
  let image: Readonly<Record<string, string>>;

  before("make the image", async () => {
    raw = await RawProgram.create(scene.sandbox);
    walled = await raw.walledEnvironment();
    folder = mkdtempSync(join(tmpdir(), "secure-environment-image-"));
    cpSync(policyFolder, join(folder, "policy"), { recursive: true });
    image = {
      PULUMI_OPTION_POLICY_PACK: join(folder, "policy"),
      PULUMI_OPTION_POLICY_PACK_CONFIG: configuration("image.json", {}),
    };
  });

  after(() => {
    raw.remove();
    rmSync(folder, { recursive: true });
  });

  it("has it judge without a flag, and pass what has every wall", async () => {
    const preview = await raw.previewWith([], walled, image);
    expect(preview.exitCode, preview.output).to.equal(0);
    expect(preview.output).to.match(/✅ secure-environment@v/);
  });

  it("has it refuse without a flag", async () => {
    const preview = await raw.previewWith([], [...walled, disguised], image);
    expect(preview.exitCode, preview.output).not.to.equal(0);
    expect(violatedPolicies(preview)).to.deep.equal(["types-are-true"]);
  });

  it("has it judge by the image's configuration", async () => {
    const PULUMI_OPTION_POLICY_PACK_CONFIG = configuration("lax.json", off);
    const lax = { ...image, PULUMI_OPTION_POLICY_PACK_CONFIG };
    const preview = await raw.previewWith([], [...walled, disguised], lax);
    expect(violatedPolicies(preview)).to.deep.equal([]);
    expect(preview.output).to.contain("switches the policy types-are-true off");
  });

  it("has it judge beside the pack of a flag, whatever that one's configuration says", async () => {
    const flag = ["--policy-pack", policyFolder];
    const lax = ["--policy-pack-config", configuration("flag.json", off)];
    const preview = await raw.previewWith([...flag, ...lax], [...walled, disguised], image);
    expect(preview.exitCode, preview.output).not.to.equal(0);
    expect(violatedPolicies(preview)).to.deep.equal(["types-are-true"]);
    expect(preview.output).to.contain("switches the policy types-are-true off");
  });

  function configuration(name: string, content: object): string {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(content));
    return file;
  }
});

/** A configuration that lets the violation of these tests pass. */
const off = { "types-are-true": "disabled" };
