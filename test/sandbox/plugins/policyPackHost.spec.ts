import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { sharedSandbox } from "../../support/sandbox";
import { ProgramFolder } from "./programFolder";

describe("the stand-in language host, with a policy pack", function () {
  this.timeout(300_000);
  let folder: ProgramFolder;

  before(async function () {
    this.timeout(300_000);
    folder = new ProgramFolder(await sharedSandbox(), "");
    const project = { runtime: { name: "nodejs", options: { typescript: false } } };
    folder.write("pack/PulumiPolicy.yaml", JSON.stringify(project));
    folder.write("pack/package.json", JSON.stringify({ main: "index.js", version: "1.0.0" }));
    await folder.succeed(["stack", "init", "test"]);
  });

  after(() => folder.remove());

  it("starts it inside its folder", async () => {
    const output = await previewWith(`
      console.error("started in", process.cwd());
      new (require("@pulumi/policy").PolicyPack)("pack", { policies: [] });
    `);
    expect(output).to.include(`started in ${join(folder.path, "pack")}`);
    expect(output).to.include("✅ pack@v1.0.0");
  });

  it("looks for its SDK from inside the folder that a link leads to", async () => {
    folder.write("elsewhere/empty", "");
    symlinkSync(join(folder.path, "pack"), join(folder.path, "elsewhere", "link"));
    const source = `new (require("@pulumi/policy").PolicyPack)("pack", { policies: [] });`;
    expect(await previewWith(source, "elsewhere/link")).to.include("✅ pack@v1.0.0");
  });

  it("passes on what it says when it does not start", async () => {
    const output = await previewWith(`throw new Error("no such rule");`);
    expect(output).to.include("no such rule");
    expect(output).to.include("did not start");
  });

  it("does not take anything else for its port", async () => {
    const output = await previewWith(`console.log("welcome");`);
    expect(output).to.include("could not read policy pack port: expected integer");
  });

  it("says so when its SDK is not installed, and does not wait for it", async () => {
    const alone = mkdtempSync(join(tmpdir(), "stand-in-pack-"));
    cpSync(join(folder.path, "pack"), alone, { recursive: true });
    expect(await preview(alone)).to.include(`Have you run npm install in ${alone}?`);
    rmSync(alone, { recursive: true });
  });

  async function previewWith(source: string, pack = "pack"): Promise<string> {
    folder.write("pack/index.js", source);
    return preview(pack);
  }

  async function preview(pack: string): Promise<string> {
    const args = ["preview", "--stack", "test", "--policy-pack", pack];
    return (await folder.pulumi(args)).output;
  }
});
