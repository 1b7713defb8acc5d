import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ReviewError } from "#review/exitCodes";
import { type BranchSource, readOpenBranches } from "#review/reap/branchList";

describe("the list of open branches", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-branches-"));
  const file = join(folder, "branches.txt");

  after(() => rmSync(folder, { recursive: true }));

  const namesBy = async (source: BranchSource) =>
    [...((await readOpenBranches(source, 0))?.names ?? [])].sort();

  const refusalOf = async (source: BranchSource): Promise<string> => {
    const refusal: unknown = await readOpenBranches(source, 0).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(ReviewError).with.property("exitCode", 10);
    expect((refusal as ReviewError).message).to.match(/Nothing was removed\.$/);
    return (refusal as ReviewError).message;
  };

  it("is one branch a line, trimmed", async () => {
    writeFileSync(file, "\n  feature/a \r\n\nb\n");
    expect(await namesBy({ file })).to.deep.equal(["b", "feature/a"]);
    expect(await namesBy({ command: `cat ${file}` })).to.deep.equal(["b", "feature/a"]);
  });

  it("may name branches as git does, which could be their names as well", async () => {
    writeFileSync(file, "refs/heads/a\norigin/b\nremotes/origin/c\n");
    expect(await namesBy({ file })).to.include.members(["a", "b", "c", "origin/b"]);
  });

  it("tells the stacks, and when a file was written", async () => {
    writeFileSync(file, "a\n");
    utimesSync(file, 1_000, 1_000);
    const open = await readOpenBranches({ file }, 250);
    expect([...(open?.stacks ?? [])]).to.deep.equal(["review-a"]);
    expect(open?.writtenAt).to.equal(999_750);
    expect(await readOpenBranches({ command: "echo a" }, 250)).not.to.have.property("writtenAt");
  });

  it("is none where nobody has one", async () => {
    expect(await readOpenBranches({}, 0)).to.equal(undefined);
  });

  for (const [what, content] of [
    ["is empty", ""],
    ["is empty", " \n\n"],
    ["no name of a branch", "d0e1f2\trefs/heads/a\n"],
    ["no name of a branch", "a\norigin/HEAD -> origin/main\n"],
    ["no name of a branch", "<html>not found</html>\na b"],
  ] as const) {
    it(`is not taken if it ${what}: ${JSON.stringify(content)}`, async () => {
      writeFileSync(file, content);
      expect(await refusalOf({ file })).to.contain(what);
      expect(await refusalOf({ command: `cat ${file}` })).to.contain(what);
    });
  }

  it("is not taken from a file that is not there", async () => {
    expect(await refusalOf({ file: join(folder, "missing") })).to.contain("ENOENT");
  });

  for (const [command, fault] of [
    ["echo a; exit 3", "ended with 3"],
    ["echo a; kill -9 $$", "was ended by a signal"],
    ["no-such-command", "ended with 127"],
  ] as const) {
    it(`is not taken from a command that fails: ${command}`, async () => {
      expect(await refusalOf({ command })).to.contain(fault);
    });
  }

  it("is not taken from a command that does not stop", async () => {
    expect(await refusalOf({ command: "yes" })).to.contain("more than a list of branches");
  });
});
