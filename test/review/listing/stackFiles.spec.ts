import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { stacksInFolder } from "#review/listing/stackFiles";

describe("the stacks of a backend that is a folder", () => {
  let folder: string;
  let backend: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secure-environment-stacks-"));
    backend = `file://${folder}`;
    write("meta.yaml", "version: 1\n");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("are known by the names of their files, whatever these hold", () => {
    write("stacks/shop/review-a.json", "hunter2");
    write("stacks/shop/review-b.json.gz", "");
    write("stacks/shop/review-c.json.zst", "");
    write("stacks/shop/v1.json.json", "");
    write("stacks/blog/review-a.json", "");
    expect(names("shop")).to.have.members([
      "organization/shop/review-a",
      "organization/shop/review-b",
      "organization/shop/review-c",
      "organization/shop/v1.json",
    ]);
    expect(names(undefined)).to.have.length(5).and.include("organization/blog/review-a");
    expect(stacksInFolder(backend, "blog")?.[0]).to.include({
      organization: "organization",
      project: "blog",
      name: "review-a",
      isBusy: false,
    });
  });

  it("are each listed once, and none of what Pulumi keeps beside them", () => {
    write("stacks/shop/review-a.json", "");
    write("stacks/shop/review-a.json.gz", "");
    write("stacks/shop/review-a.json.attrs", "");
    write("stacks/shop/review-a.json.bak", "");
    write("stacks/shop/review-a.json.bak.attrs", "");
    write("stacks/shop/review-b.pulumi-tags", "");
    write("stacks/shop/a folder/review-c.json", "");
    write("stacks/not a project/review-d.json", "");
    write("stacks/review-e.json", "");
    write("locks/organization/shop/review-f/1.json", "");
    expect(names(undefined)).to.deep.equal(["organization/shop/review-a"]);
  });

  it("say how many resources they have, where that can be read", () => {
    const state = (resources?: object[]) =>
      JSON.stringify({ checkpoint: { latest: resources && { resources } } });
    write("stacks/shop/review-a.json", state([{}, {}]));
    write("stacks/shop/review-b.json", state());
    write("stacks/shop/review-c.json", "half of a st");
    write("stacks/shop/review-d.json.gz", "");
    const counts = stacksInFolder(backend, "shop")?.map((stack) => [
      stack.name,
      stack.resourceCount(),
    ]);
    expect(counts).to.have.deep.members([
      ["review-a", 2],
      ["review-b", 0],
      ["review-c", undefined],
      ["review-d", undefined],
    ]);
  });

  it("say when their files were written", () => {
    write("stacks/shop/review-a.json", "");
    const lastUpdate = "2027-01-31T18:00:00.000Z";
    const file = join(folder, ".pulumi/stacks/shop/review-a.json");
    utimesSync(file, new Date(lastUpdate), new Date(lastUpdate));
    expect(stacksInFolder(backend, "shop")?.[0]).to.include({ lastUpdate });
  });

  it("are none of a project that has none", () => {
    expect(names("shop")).to.deep.equal([]);
    expect(names(undefined)).to.deep.equal([]);
  });

  it("are Pulumi's to list where the folder is not there, or is laid out in another way", () => {
    write("stacks/review-a.json", "");
    for (const version of ["version: 0\n", "version: 2\n", "version: 12\n", ""]) {
      write("meta.yaml", version);
      expect(stacksInFolder(backend, "shop"), version).to.equal(undefined);
    }
    rmSync(join(folder, ".pulumi/meta.yaml"));
    expect(stacksInFolder(backend, "shop")).to.equal(undefined);
    expect(stacksInFolder(`${backend}/nowhere`, "shop")).to.equal(undefined);
  });

  it("are Pulumi's to list where the folder cannot be read", () => {
    write("stacks", "no folder");
    expect(stacksInFolder(backend, "shop")).to.equal(undefined);
  });

  for (const url of ["s3://bucket", "https://api.example.com", "file://~", "file://./state", ""]) {
    it(`are Pulumi's to list where the backend is ${JSON.stringify(url)}`, () => {
      expect(stacksInFolder(url, "shop")).to.equal(undefined);
    });
  }

  it("are Pulumi's to list where the address of the folder says more, or nothing says which it is", () => {
    expect(stacksInFolder(`${backend}?metadata=skip`, "shop")).to.equal(undefined);
    expect(stacksInFolder(undefined, "shop")).to.equal(undefined);
  });

  function names(project: string | undefined): readonly string[] | undefined {
    return stacksInFolder(backend, project)?.map(({ fullName }) => fullName);
  }

  function write(path: string, content: string): void {
    const file = join(folder, ".pulumi", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
});
