import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { readSettings } from "#review/settings/reviewSettings";
import { FakeApiServer } from "../kubernetes/support/fakeApiServer";
import { runCommand } from "../support/command";
import { gitlabCiLocal, workflowErrors } from "../ci/support/pipelineSchemas";
import { schemaFaults } from "./support/schemas";

const review = resolve(__dirname, "../../../review/review.js");
const packageFile = JSON.stringify({ devDependencies: { "secure-environment-review": "0.1.0" } });
const workflow = ".github/workflows/review-environments.yml";

describe("review init", function () {
  this.timeout(60_000);
  let root: string;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "review-init-"));
    await git("init", "--quiet");
    await git("remote", "add", "origin", "git@github.example.com:acme/Web-Shop.git");
    write({ "package.json": packageFile, "package-lock.json": "{}" });
  });

  afterEach(() => rmSync(root, { recursive: true }));

  it("writes settings and a workflow that are taken, and says what is left", async () => {
    const { exitCode, stdout, output } = await init();
    expect(exitCode, output).to.equal(0);
    expect(stdout).to.match(
      /^wrote {2}review\.yaml\nwrote {2}\.github\/workflows\/\S+\n\nWhat is left/,
    );
    expect(stdout).to.contain("GitHub environment named `review`");
    const settings = readSettings(root);
    expect(settings).to.include({ project: "webshop", lifetime: "7d" });
    expect(settings.configuration).to.deep.equal({ "webshop:project": "webshop" });
    expect(await workflowErrors(content(workflow))).to.deep.equal([]);
  });

  it("overwrites nothing, and says what it kept", async () => {
    write({ "review.yaml": "project: mine\n", [workflow]: "mine" });
    const { exitCode, stdout } = await init("--json");
    expect(exitCode).to.equal(0);
    const result = JSON.parse(stdout) as { written: string[]; kept: string[] };
    expect(schemaFaults("init", result)).to.deep.equal([]);
    expect(result.written).to.deep.equal([]);
    expect(result.kept).to.deep.equal(["review.yaml", workflow]);
    expect([content("review.yaml"), content(workflow)]).to.deep.equal(["project: mine\n", "mine"]);
  });

  it("may have its place in a folder, whose pipeline works there", async () => {
    write({
      "environments/package.json": packageFile,
      "environments/package-lock.json": "{}",
      "k8s/shop.yaml": "kind: Deployment\n",
    });
    const { exitCode, output } = await init("--settings", "environments");
    expect(exitCode, output).to.equal(0);
    expect(existsSync(join(root, "environments/review.yaml"))).to.equal(true);
    const { env, defaults, jobs } = parse(content(workflow)) as {
      env: object;
      defaults: object;
      jobs: { check: { steps: { "working-directory"?: string }[] } };
    };
    expect(env).to.deep.equal({ REVIEW_FOLDER: "environments", MANIFESTS: "k8s" });
    expect(defaults).to.deep.equal({ run: { "working-directory": "base/environments" } });
    const elsewhere = jobs.check.steps.flatMap((step) => step["working-directory"] ?? []);
    expect(elsewhere).to.deep.equal(["branch/environments"]);
  });

  it("writes the pipeline for GitLab where the repository is there", async () => {
    await git("remote", "set-url", "origin", "https://gitlab.example.com/acme/shop.git");
    const { exitCode, output } = await init();
    expect(exitCode, output).to.equal(0);
    const main = parse(content(".gitlab-ci.yml")) as object;
    const path = ".gitlab/review-environments.yml";
    expect(main).to.deep.equal({ include: [{ local: path }] });
    const { exitCode: valid, output: words } = await gitlabCiLocal(content(path), ["--preview"]);
    expect(valid, words).to.equal(0);
  });

  it("goes by what a repository has for its host already", async () => {
    await git("remote", "set-url", "origin", "https://code.example.com/acme/shop.git");
    write({ ".gitlab-ci.yml": "stages: [test]\n" });
    const { stdout } = await init();
    expect(stdout).to.match(/^wrote .*\nwrote {2}\.gitlab\/.*\nkept {3}\.gitlab-ci\.yml/);
    expect(content(".gitlab-ci.yml")).to.equal("stages: [test]\n");
  });

  it("names the cluster that was chosen, and goes on without one that does not answer", async () => {
    const server = await FakeApiServer.start();
    const metadata = { name: "kube-system", uid: "3f0c7f0e-9a54" };
    server.answer = { status: 200, body: { kind: "Namespace", metadata } };
    await init();
    expect(readSettings(root).cluster, "none was chosen").to.equal(undefined);
    rmSync(join(root, "review.yaml"));
    const kubeconfig = server.kubeconfigFile();
    await run([], { KUBECONFIG: kubeconfig });
    expect(readSettings(root).cluster).to.equal("3f0c7f0e-9a54");
    rmSync(join(root, "review.yaml"));
    server.stop();
    const { exitCode, stderr } = await run([], { KUBECONFIG: kubeconfig });
    expect(exitCode).to.equal(0);
    expect(stderr).to.contain("does not answer");
    expect(readSettings(root).cluster).to.equal(undefined);
  });

  it("uses the program that the repository has", async () => {
    write({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n" });
    await init();
    expect(readSettings(root)).to.include({ project: "shop", program: root });
  });

  it("says all that is missing at once, and writes nothing", async () => {
    rmSync(join(root, "package-lock.json"));
    write({ "package.json": "{}" });
    const { exitCode, stderr } = await init("--host", "svn");
    expect(exitCode).to.equal(2);
    expect(stderr.trim().split("\n")).to.have.length(4);
    expect(stderr).to.match(/does not name secure-environment-review: run `npm install/);
    expect(stderr).to.contain("has no package-lock.json");
    expect(stderr).to.contain('--host is "svn": give --host github or --host gitlab');
    expect(existsSync(join(root, "review.yaml"))).to.equal(false);
  });

  it("asks for the host where it cannot be told, and for a repository where there is none", async () => {
    await git("remote", "remove", "origin");
    expect((await init()).stderr).to.contain("give --host github or --host gitlab");
    rmSync(join(root, ".git"), { recursive: true });
    const { exitCode, stderr } = await init("--host", "github");
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("is in no git repository: run `git init`");
  });

  function init(...args: readonly string[]) {
    return run(args, {});
  }

  function run(args: readonly string[], variables: NodeJS.ProcessEnv) {
    const env = { ...process.env, KUBECONFIG: undefined, ...variables };
    return runCommand(process.execPath, [review, "init", ...args], { cwd: root, env });
  }

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  function content(path: string): string {
    return readFileSync(join(root, path), "utf8");
  }

  async function git(...words: readonly string[]): Promise<void> {
    const { exitCode, output } = await runCommand("git", words, { cwd: root, env: process.env });
    expect(exitCode, output).to.equal(0);
  }
});
