import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { type CommandResult, runCommand } from "../support/command";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { setScene } from "./support/scene";

const repository = resolve(__dirname, "../../..");

const pipelines = {
  github: [".github/workflows/review-environments.yml"],
  gitlab: [".gitlab-ci.yml", ".gitlab/review-environments.yml"],
};

describe("an empty repository that adopts the packed review command", function () {
  this.timeout(300_000);
  const scene = setScene();
  let folder: string;
  let archive: string;

  before("pack the command", async () => {
    folder = mkdtempSync(join(tmpdir(), "secure-environment-adoption-"));
    const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const packed = await succeed("npm", pack, join(repository, "review"));
    const [{ filename }] = JSON.parse(packed.stdout);
    archive = join(folder, filename);
  });

  after(() => rmSync(folder, { recursive: true }));

  for (const host of ["github", "gitlab"] as const) {
    it(`of ${host} has environments after an installation, \`review init\` and a push`, async () => {
      const origin = join(folder, `${host}.git`);
      const checkout = join(folder, host);
      const timed: string[] = [];
      mkdirSync(checkout);
      await git(["init", "--quiet", "--bare", origin]);
      await git(["init", "--quiet", "--initial-branch=main"]);
      await git(["remote", "add", "origin", origin]);
      writeFileSync(join(checkout, ".gitignore"), "node_modules\n");

      await run("npm", ["init", "--yes"]);
      await run("npm", ["install", "--save-dev", "--no-audit", "--no-fund", archive]);
      await review("init", "--host", host);
      await git(["add", "."]);
      await git(["commit", "--quiet", "--message", "Review environments"]);
      await git(["push", "--quiet", "origin", "main"]);
      const pushed = await git(["ls-tree", "-r", "--name-only", "origin/main"]);
      expect(pushed.stdout.trim().split("\n")).to.have.members([
        ".gitignore",
        ...pipelines[host],
        "package-lock.json",
        "package.json",
        "review.yaml",
      ]);

      await review("check", "feature/login");
      await review("up", "login");
      expect(await objectsIn(scene.api, `review-${host}-login`)).to.deep.equal(promisedObjects);
      expect((await review("list")).stdout).to.match(/^up\s+login\b/m);
      await review("destroy", "login");
      const namespace = `/api/v1/namespaces/review-${host}-login`;
      expect((await scene.api.request("GET", namespace)).status).to.equal(404);
      expect((await git(["status", "--porcelain", "--untracked-files=all"])).stdout).to.equal("");
      console.log(`      ${timed.join(", ")}`);

      async function git(args: readonly string[]): Promise<CommandResult> {
        const author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
        return succeed("git", [...author, ...args], checkout);
      }

      function review(...args: readonly string[]): Promise<CommandResult> {
        return run("npx", ["--no-install", "review", ...args]);
      }

      /** What is run is timed, so that pages can say how long it takes. */
      async function run(command: string, args: readonly string[]): Promise<CommandResult> {
        const began = performance.now();
        const result = await succeed(command, args, checkout);
        const seconds = Math.ceil((performance.now() - began) / 1_000);
        const said = command === "npx" ? `review ${args[2]}` : `npm ${args[0]}`;
        timed.push(`${said} ${seconds} s`);
        return result;
      }
    });
  }

  async function succeed(
    command: string,
    args: readonly string[],
    cwd: string,
  ): Promise<CommandResult> {
    const env = {
      ...process.env,
      ...scene.sandbox.environment,
      PULUMI_BACKEND_URL: `file://${folder}`,
    };
    const result = await runCommand(command, args, { cwd, env });
    expect(result.exitCode, `${command} ${args.join(" ")}:\n${result.output}`).to.equal(0);
    return result;
  }
});
