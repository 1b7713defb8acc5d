import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, resolve } from "node:path";
import { parse } from "yaml";

const folder = resolve(__dirname, "../../../policy");
const { main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { main: string };
const bundle = readFileSync(join(folder, main), "utf8");

describe("the bundle of the policy pack", () => {
  it("asks for nothing but Node's own modules", () => {
    const required = [...bundle.matchAll(/\brequire\("(?:node:)?([^"./][^"]*)"\)/g)].map(
      ([, module]) => module,
    );
    expect(required).to.include("http2");
    expect(builtinModules).to.include.members(required);
  });

  it("has no Kubernetes SDK, no compiler and no package manager in it", () => {
    expect(bundle).to.contain("node_modules/@pulumi/policy/");
    expect(bundle).not.to.match(/node_modules\/(@pulumi\/kubernetes|typescript|@npmcli|ts-node)\//);
  });

  it("is what both files of the pack's folder name, and runs without a type check", () => {
    const project = parse(readFileSync(join(folder, "PulumiPolicy.yaml"), "utf8")) as object;
    const runtime = { name: "nodejs", options: { typescript: false } };
    expect(project).to.deep.include({ main, runtime });
  });

  it("is started by a module of its own folder, which hides nothing else of the SDK", () => {
    const starter = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [folder] });
    expect(starter).to.equal(
      join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack.js"),
    );
    expect(existsSync(join(folder, "node_modules", "@pulumi", "pulumi", "package.json"))).to.equal(
      false,
    );
  });
});
