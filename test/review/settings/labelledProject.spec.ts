import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { targetOf } from "#review/environment/target";
import { ReviewError } from "#review/exitCodes";
import { readSettings } from "#review/settings/reviewSettings";

describe("the project that namespaces name", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secure-environment-settings-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\n");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [file, content, project] of [
    ["Pulumi.yaml", "name: shop", "shop"],
    ["Pulumi.yaml", "name: shop\nconfig: {project: {default: blog}}", "blog"],
    ["Pulumi.yaml", "name: shop\nconfig: {project: {type: string, default: ''}}", "shop"],
    ["Pulumi.yaml", "name: shop\nconfig: {project: {description: Whose it is}}", "shop"],
    ["Pulumi.yaml", "name: shop\nconfig: {'shop:project': {value: blog}}", "blog"],
    ["Pulumi.yaml", "name: shop\nconfig: {'shop:project': blog}", "blog"],
    ["Pulumi.ci.yaml", "config: {'shop:project': blog}", "blog"],
    ["Pulumi.ci.yaml", "config: {project: blog}", "blog"],
    ["Pulumi.ci.yaml", "config: {'review:project': blog}", "shop"],
    ["Pulumi.ci.yaml", "config: {'shop:project':}", "shop"],
    ["Pulumi.ci.yaml", "", "shop"],
    ["review.yaml", "project: shop", "shop"],
    ["review.yaml", "project: shop\nconfig: {project: blog}", "blog"],
    ["review.yaml", "program: .\nconfig: {'shop:project': blog}", "blog"],
  ] as const) {
    it(`is ${project} by ${file}: ${JSON.stringify(content)}`, () => {
      writeFileSync(join(folder, file), content);
      expect(targetOf(readSettings(folder), "login").labelledProject).to.equal(project);
    });
  }

  for (const value of ["2048", "0012", "true", "[shop]", "{secure: AAAB}"]) {
    for (const [file, content] of [
      ["Pulumi.yaml", `name: shop\nconfig: {'shop:project': ${value}}`],
      ["Pulumi.yaml", `name: shop\nconfig: {project: {value: ${value}}}`],
      ["Pulumi.ci.yaml", `config: {'shop:project': ${value}}`],
      ["review.yaml", `project: shop\nconfig: {project: ${value}}`],
    ] as const) {
      it(`is not guessed by ${file}: ${JSON.stringify(content)}`, () => {
        writeFileSync(join(folder, file), content);
        const refusal = refusalOf(() => readSettings(folder));
        expect(refusal.exitCode).to.equal(2);
        expect(refusal.message).to.match(/is no text, so namespaces cannot be|0012 is read as/);
        expect(refusal.message).not.to.contain("AAAB");
      });
    }
  }

  it("needs a program that names its Pulumi project", () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "runtime: nodejs\n");
    const refusal = refusalOf(() => readSettings(folder));
    expect(refusal.exitCode).to.equal(2);
    expect(refusal.message).to.contain("project is missing");
  });
});

describe("the stacks that stay", () => {
  it("are named in full, or those of the project by their name", () => {
    const folder = mkdtempSync(join(tmpdir(), "secure-environment-settings-"));
    const permanent = ["staging", "acme/blog/staging"];
    const content = { project: "shop", organization: "acme", permanent };
    writeFileSync(join(folder, "review.yaml"), JSON.stringify(content));
    expect(readSettings(folder).permanent).to.deep.equal([
      "acme/shop/staging",
      "acme/blog/staging",
    ]);
    rmSync(folder, { recursive: true });
  });
});

function refusalOf(read: () => unknown): ReviewError {
  try {
    read();
  } catch (error) {
    expect(error).to.be.instanceOf(ReviewError);
    return error as ReviewError;
  }
  throw new Error("It was taken.");
}
