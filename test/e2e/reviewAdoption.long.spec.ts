import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { type CommandResult, runCommand } from "../support/command";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { setScene } from "./support/scene";

const repository = resolve(__dirname, "../../..");

describe("a repository that has nothing but the packed review command and its settings", function () {
  this.timeout(300_000);
  const scene = setScene();
  let folder: string;
  let backend: string;

  before("install the command", async () => {
    folder = mkdtempSync(join(tmpdir(), "secure-environment-adoption-"));
    backend = mkdtempSync(join(tmpdir(), "secure-environment-backend-"));
    const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", backend];
    const packed = await succeed("npm", pack, join(repository, "review"));
    const [{ filename }] = JSON.parse(packed.stdout);
    await succeed("git", ["init", "--quiet"]);
    writeFileSync(join(folder, ".gitignore"), "node_modules\n");
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    writeFileSync(join(folder, "review.yaml"), "project: adopted\n");
    await succeed("npm", ["install", "--no-audit", "--no-fund", join(backend, filename)]);
    await succeed("git", ["add", "."]);
  });

  after(() => {
    rmSync(folder, { recursive: true });
    rmSync(backend, { recursive: true });
  });

  it("checks, makes, lists and removes an environment, and its checkout stays as it was", async () => {
    await review("check", "feature/login");
    await review("up", "login");
    expect(await objectsIn(scene.api, "review-login")).to.deep.equal(promisedObjects);
    expect((await review("list")).stdout).to.match(/^up\s+login\b/m);
    await review("destroy", "login");
    const { status } = await scene.api.request("GET", "/api/v1/namespaces/review-login");
    expect(status).to.equal(404);
    const changed = await succeed("git", ["status", "--porcelain", "--untracked-files=all"]);
    expect(
      changed.stdout.split("\n").filter((line) => line !== "" && !/^A /.test(line)),
    ).to.deep.equal([]);
  });

  function review(...args: readonly string[]): Promise<CommandResult> {
    return succeed("npx", ["--no-install", "review", ...args]);
  }

  async function succeed(
    command: string,
    args: readonly string[],
    cwd = folder,
  ): Promise<CommandResult> {
    const env = {
      ...process.env,
      ...scene.sandbox.environment,
      PULUMI_BACKEND_URL: `file://${backend}`,
    };
    const result = await runCommand(command, args, { cwd, env });
    expect(result.exitCode, `${command} ${args.join(" ")}:\n${result.output}`).to.equal(0);
    return result;
  }
});
