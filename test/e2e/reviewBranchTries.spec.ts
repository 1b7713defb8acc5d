import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { annotations, labels } from "#components/core/labels";
import { runCommand } from "../support/command";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { ReviewCommand } from "./support/review/reviewCommand";
import { TrickyBranch } from "./support/review/trickyBranch";
import { setScene } from "./support/scene";

const repository = resolve(__dirname, "../../..");

describe("a branch that tries to run, or to count", function () {
  this.timeout(300_000);
  const scene = setScene();
  let base: ReviewCommand;
  let tricky: TrickyBranch;

  before(() => {
    base = new ReviewCommand(scene.sandbox, { project: "shop", config: { owner: "base" } });
    tricky = new TrickyBranch("review-tricky");
  });

  it("brings traps that work", async () => {
    const trap = new TrickyBranch("review-tricky");
    const options = { cwd: trap.checkout, env: process.env };
    await runCommand("./node_modules/.bin/pulumi", [], options);
    await runCommand(process.execPath, ["."], options);
    await runCommand("npm", ["run", "build"], options);
    expect(trap.used).to.include.members(["node_modules..bin.pulumi", "index.js"]);
  });

  it("gets the environment of the base, and nothing of it runs", async () => {
    const up = await review("up");
    expect(JSON.parse(up.stdout).stack).to.equal("organization/shop/review-tricky");
    expect(await objectsIn(scene.api, "review-tricky")).to.deep.equal(promisedObjects);
    const { metadata } = (await scene.api.request("GET", "/api/v1/namespaces/review-tricky")).body;
    expect(metadata.labels[labels.project]).to.equal("shop");
    expect(metadata.labels[labels.owner]).to.equal("base");
    expect(metadata.annotations[annotations.branch]).to.equal("tricky");
    expectUnused();
  });

  it("is judged by the pack of the base, as the base configures it", async () => {
    base.writeSettings({ project: "shop", policies: { "environment-expires": "mandatory" } });
    for (const verb of ["check", "up"]) {
      const refused = await base.run([verb, "refused", "--settings", base.folder], {
        cwd: tricky.checkout,
      });
      expect(refused.exitCode, refused.output).to.equal(5);
    }
    base.writeSettings({ project: "shop", config: { owner: "base" } });
    expectUnused();
  });

  it("has no say in what else is asked, or in its end", async () => {
    await review("extend", "--for", "3d");
    expect(JSON.parse((await list()).stdout).environments).to.have.length(1);
    await review("destroy");
    expect((await scene.api.request("GET", "/api/v1/namespaces/review-tricky")).status).to.equal(
      404,
    );
    expectUnused();
  });

  it("gets what a program of the base makes, and not what its own does", async () => {
    const program = join(base.folder, "program");
    mkdirSync(program);
    symlinkSync(join(repository, "node_modules"), join(program, "node_modules"));
    writeFileSync(
      join(program, "Pulumi.yaml"),
      stringify({ name: "own", runtime: "nodejs", main: "base.js" }),
    );
    writeFileSync(join(program, "package.json"), "{}");
    writeFileSync(join(program, "base.js"), `exports.ran = __filename;\n`);
    base.writeSettings({ program: "program" });
    const up = await review("up");
    expect(JSON.parse(up.stdout).outputs).to.deep.equal({ ran: join(program, "base.js") });
    await review("destroy");
    expectUnused();
  });

  function review(verb: string, ...args: readonly string[]) {
    const words = [verb, "tricky", "--settings", base.folder, ...args];
    return base.succeed([...words, "--json"], { cwd: tricky.checkout });
  }

  function list() {
    return base.succeed(["list", "--settings", base.folder, "--json"], { cwd: tricky.checkout });
  }

  function expectUnused(): void {
    expect(tricky.used).to.deep.equal([]);
    expect(existsSync(tricky.backend)).to.equal(false);
  }
});
