import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type CommandResult } from "../support/command";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { Disk } from "./support/review/disk";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

describe("a state backend", function () {
  this.timeout(600_000);
  const scene = setScene();
  let review: ReviewCommand;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    review = new ReviewCommand(scene.sandbox);
    folder = join(review.backend, "disk");
    mkdirSync(folder);
    env = { PULUMI_BACKEND_URL: `file://${folder}` };
  });

  it("that is gone is named, nothing is made or taken for gone, and there again it has all", async () => {
    const elsewhere = `${folder}-elsewhere`;
    await succeed("up", "kept");
    renameSync(folder, elsewhere);
    await expectTold(/no such file or directory/, "up", "new");
    await expectTold(/no such file or directory/, "up", "kept");
    await expectTold(/no such file or directory/, "destroy", "kept");
    await expectTold(/no such file or directory/, "list");
    await expectStanding("kept");
    await expectGone("new");
    renameSync(elsewhere, folder);
    await succeed("destroy", "kept");
    await expectGone("kept");
  });

  describe("on a disk", () => {
    let disk: Disk;

    before(function () {
      if (!Disk.isPossible()) {
        console.log("    SKIPPED, no disk was full or read-only: to mount one takes root on Linux");
        this.skip();
      }
    });

    beforeEach(() => {
      disk = new Disk(folder);
    });

    afterEach(() => disk.unmount());

    it("that can only be read, is named, and nothing is made, changed or removed", async () => {
      await succeed("up", "kept");
      disk.remount("ro");
      await expectTold(/read-only file system/, "up", "new");
      await expectTold(/read-only file system/, "up", "kept", "--set", "owner=ada");
      await expectTold(/read-only file system/, "destroy", "kept");
      expect((await succeed("list")).stdout).to.contain("review-kept");
      await expectStanding("kept");
      await expectGone("new");
      disk.remount("rw");
      await succeed("destroy", "kept");
      await expectGone("kept");
    });

    it("that is full, is named, and so is the half of a lock that stays of it", async () => {
      await succeed("up", "kept");
      disk.fill(0);
      await expectTold(/no space left on device/, "up", "new");
      await expectTold(/no space left on device/, "destroy", "kept");
      await expectStanding("kept");
      await expectGone("new");
      disk.clear();
      await expectTold(/half of a lock/, "up", "new");
      const told = await expectTold(/half of a lock/, "destroy", "kept");
      expect(told.stderr).to.contain("pulumi cancel");
      rmSync(join(folder, ".pulumi/locks"), { recursive: true });
      await succeed("up", "new");
      await succeed("destroy", "new");
      await succeed("destroy", "kept");
      await expectGone("kept");
    });

    it("that gets full in the middle, is named once, and what to do brings it up", async () => {
      await succeed("up", "first");
      disk.fill(48 * 1024);
      const { stderr } = await expectTold(/no space left on device/, "up", "full");
      expect(stderr.match(/no space left/g), stderr).to.have.length(1);
      disk.clear();
      await expectTold(/may take its place/, "up", "full");
      rmSync(join(folder, ".pulumi/stacks/shop/review-full.json"));
      const lost = await review.run(["destroy", "full"], { env });
      expect(lost.exitCode, lost.output).to.equal(10);
      await succeed("destroy", "full", "--lost-state");
      await expectGone("full");
      await succeed("up", "full");
      await expectStanding("full");
      await succeed("destroy", "full");
      await succeed("destroy", "first");
    });
  });

  function succeed(...args: readonly string[]): Promise<CommandResult> {
    return review.succeed(args, { env });
  }

  /** In words, and not in those of a program that broke. */
  async function expectTold(words: RegExp, ...args: readonly string[]): Promise<CommandResult> {
    const result = await review.run(args, { env });
    expect(result.exitCode, result.output).to.equal(1);
    expect(result.stderr).to.match(words);
    expect(result.stderr).not.to.match(/^\s+at |goroutine|panic/m);
    return result;
  }

  async function expectStanding(branch: string): Promise<void> {
    expect(await objectsIn(scene.api, `review-${branch}`)).to.deep.equal(promisedObjects);
  }

  async function expectGone(branch: string): Promise<void> {
    const path = `/api/v1/namespaces/review-${branch}`;
    expect((await scene.api.request("GET", path)).status).to.equal(404);
  }
});
