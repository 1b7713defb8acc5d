import { hostname } from "node:os";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { stackName } from "#components/core/names";
import { parsedAs, recordIn } from "../support/reviewSchemas";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const awkwardBranches = [
  "feature/Login_form#42",
  "feature-login-form-42",
  "功能/登录",
  "feature/🚀-launch",
  "-x",
  "--help",
  "a b; echo $HOME",
  "../../etc",
  "UPPER.case_",
  "x".repeat(200),
];

describe("`review up` and `review destroy`", function () {
  this.timeout(300_000);
  const scene = setScene();
  let review: ReviewCommand;

  before(() => {
    review = new ReviewCommand(scene.sandbox, { project: "shop", config: { size: "small" } });
  });

  it("bring environments up for ten awkward branches at once, again, and down", async () => {
    await Promise.all(awkwardBranches.map((branch) => liveThrough(branch)));
  });

  it("leave the folder and the backend as they were", () => {
    expect(readdirSync(review.folder)).to.deep.equal(["review.yaml"]);
    expect(review.filesOfBackend("locks")).to.deep.equal([]);
    expect(review.filesOfBackend("stacks")).to.deep.equal([]);
  });

  it("take the configuration of a run, and keep a number where a name belongs out", async () => {
    const small = await review.succeed(["up", "sized", "--set", 'quota={"pods":"3"}', "--json"]);
    const { outputs, changes } = JSON.parse(small.stdout);
    expect(outputs.quota.pods).to.equal("3");
    expect(changes.create).to.equal(16);
    const wrong = await review.run([
      "up",
      "sized",
      "--set",
      'access=[{"user":272038478462468099,"preset":"view"}]',
    ]);
    expect(wrong.exitCode, wrong.output).to.equal(2);
    expect(wrong.output).to.contain("access[0].user");
    expect(wrong.output).not.to.contain("    at ");
    await review.succeed(["destroy", "sized"]);
  });

  it("let five at once make one environment, one after the other", async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => review.run(["up", "race"])));
    expect(runs.map(({ exitCode, output }) => (exitCode === 0 ? "done" : output))).to.deep.equal(
      Array(5).fill("done"),
    );
    const made = runs.filter(({ stdout }) => stdout.includes("(16 create)"));
    expect(made).to.have.length(1);
    expect(review.filesOfBackend("locks")).to.deep.equal([]);
    await review.succeed(["destroy", "race"]);
  });

  it("end with 12 beside another run, and name it", async () => {
    const lock = placeLock("locked", { hostname: "elsewhere", pid: 4711 });
    const up = await review.run(["up", "locked", "--wait", "1s"]);
    expect(up.exitCode, up.output).to.equal(12);
    expect(up.output).to.match(/Another run is at work on the stack: ci@elsewhere, process 4711/);
    expect(readdirSync(lock)).to.have.length(1);
    expect((await found("review-locked")).status).to.equal(404);
  });

  it("believe no lock of this machine gone whose process they did not start", async () => {
    placeLock("by-hand", { hostname: hostname(), pid: 999_999_999 });
    const up = await review.run(["up", "by-hand", "--wait", "1s"]);
    expect(up.exitCode, up.output).to.equal(12);
  });

  it("make nothing for a branch that gets none", async () => {
    for (const branch of ["main", "staging", "dependabot/npm/x", "gh-readonly-queue/main/pr-1"]) {
      const up = await review.succeed(["up", branch]);
      expect(up.stdout).to.contain("gets no environment");
    }
    expect(
      review.filesOfBackend("stacks").filter((name) => /main|staging|depend|queue/.test(name)),
    ).to.deep.equal([]);
  });

  it("remove what a branch had before the settings reserved it, and make it no more", async () => {
    await review.succeed(["up", "reserved"]);
    review.writeSettings({ project: "shop", config: { reservedNames: ["reserved"] } });
    const up = await review.succeed(["up", "reserved"]);
    expect(up.stdout).to.contain("gets no environment: reserved is on the list");
    await review.succeed(["destroy", "reserved"]);
    expect((await found("review-reserved")).status).to.equal(404);
    review.writeSettings({ project: "shop" });
  });

  it("make nothing for a branch that is not open any more", async () => {
    const up = await review.run(["up", "closed", "--still-open", "exit 1"]);
    expect(up.exitCode, up.output).to.equal(10);
    expect(review.filesOfBackend("stacks")).not.to.include("review-closed.json");
  });

  it("leave no stack of an environment that was never begun", async () => {
    const wrong = await review.run(["up", "wrong", "--set", "size=huge"]);
    expect(wrong.exitCode, wrong.output).to.equal(2);
    const name = "review-foreign";
    const foreign = { metadata: { name, labels: { team: "others" } } };
    expect((await scene.api.request("POST", "/api/v1/namespaces", foreign)).status).to.equal(201);
    const refused = await review.run(["up", "foreign"]);
    expect(refused.exitCode, refused.output).to.equal(1);
    expect(refused.output).to.contain("is not this stack's: it names no stack that made it");
    const stacks = review.filesOfBackend("stacks");
    expect(stacks.filter((file) => /wrong|foreign/.test(file))).to.deep.equal([]);
    expect((await found(name)).status).to.equal(200);
    await scene.api.request("DELETE", `/api/v1/namespaces/${name}`);
  });

  it("leave nothing of a new environment that the policy pack refuses", async () => {
    review.writeSettings({ project: "shop", policies: { "environment-expires": "mandatory" } });
    const record = join(review.backend, "result.json");
    const up = await review.run(["up", "refused", "--result", record]);
    expect(up.exitCode, up.output).to.equal(5);
    const { exitCode, error } = recordIn(record);
    expect([exitCode, `error: ${String(error)}\n`]).to.deep.equal([
      5,
      up.stderr.replace(/^\[.*\n/gm, ""),
    ]);
    expect(up.stderr).to.contain("policy environment-expires");
    expect((await found("review-refused")).status).to.equal(404);
    expect(review.filesOfBackend("stacks")).not.to.include("review-refused.json");
    review.writeSettings({ project: "shop" });
  });

  it("touch no cluster but the one of the settings", async () => {
    review.writeSettings({ project: "shop", cluster: "another" });
    for (const verb of ["up", "destroy"]) {
      const run = await review.run([verb, "elsewhere"]);
      expect(run.exitCode, run.output).to.equal(10);
      expect(run.output).to.contain("is another one");
    }
    review.writeSettings({ project: "shop" });
  });

  it("destroy no namespace whose state is lost, unless they are told so", async () => {
    await review.succeed(["up", "lost"]);
    const elsewhere = new ReviewCommand(scene.sandbox);
    const up = await elsewhere.run(["up", "lost"]);
    expect(up.exitCode, up.output).to.equal(10);
    expect(up.output).to.contain("which is not in this backend. Nothing was done.");
    const refused = await elsewhere.run(["destroy", "lost"]);
    expect(refused.exitCode, refused.output).to.equal(10);
    expect((await found("review-lost")).status).to.equal(200);
    const told = await elsewhere.succeed(["destroy", "lost", "--lost-state"]);
    expect(told.stdout).to.contain("review-lost is gone");
    expect((await found("review-lost")).status).to.equal(404);
    const rest = await review.succeed(["destroy", "lost"]);
    expect(rest.stdout).to.contain("review-lost is gone");
  });

  it("take no namespace that a stack of another backend made", async () => {
    const elsewhere = new ReviewCommand(scene.sandbox);
    const begun = await elsewhere.run(["up", "both"], { env: { KUBECONFIG: await readerFile() } });
    expect(begun.exitCode, begun.output).to.equal(3);
    expect(elsewhere.filesOfBackend("stacks")).to.deep.equal(["review-both.json"]);
    // Longer than clocks may differ, before and after.
    await sleep(3_000);
    await review.succeed(["up", "both"]);
    await sleep(3_000);
    const { uid } = (await found("review-both")).body.metadata;
    for (const verb of ["up", "destroy"]) {
      const run = await elsewhere.run([verb, "both"]);
      expect(run.exitCode, run.output).not.to.equal(0);
      expect(run.output).to.match(/whose state does not have it/);
      expect((await found("review-both")).body.metadata.uid).to.equal(uid);
    }
    await review.succeed(["destroy", "both"]);
  });

  it("print nothing but their result, whatever is asked beside", async () => {
    const up = await review.succeed(["up", "asked", "--json", "--still-open", "echo open"]);
    expect(JSON.parse(up.stdout).stack).to.equal("organization/shop/review-asked");
    await review.succeed(["destroy", "asked"]);
    const unknown = await review.run(["up", "asked", "--still-open", "no-such-command"]);
    expect(unknown.exitCode, unknown.output).to.equal(2);
  });

  it("keep an extended life, and never shorten it", async () => {
    review.writeSettings({ project: "shop", lifetime: "1d" });
    await review.succeed(["up", "extended"]);
    const until = ["--until", "2099-01-31T18:00:00Z"];
    const extended = await review.succeed(["extend", "extended", ...until, "--json"]);
    expect(parsedAs("extend", extended.stdout)).to.have.nested.property(
      "outputs.expiresAt",
      "2099-01-31T18:00:00Z",
    );
    const again = await review.succeed(["up", "extended", "--json"]);
    expect(JSON.parse(again.stdout).outputs.expiresAt).to.equal("2099-01-31T18:00:00Z");
    const { body } = await found("review-extended");
    expect(body.metadata.annotations["secure-environment/expires-at"]).to.equal(
      "2099-01-31T18:00:00Z",
    );
    const record = join(review.backend, "result.json");
    const none = ["extend", "no-such-branch", "--for", "3d", "--result", record];
    const nothing = await review.run(none);
    expect(nothing.exitCode, nothing.output).to.equal(6);
    expect(recordIn(record)).to.include({ verb: "extend", branch: "no-such-branch", exitCode: 6 });
    await review.succeed(["destroy", "extended"]);
    review.writeSettings({ project: "shop" });
  });

  it("destroy what was deleted by hand", async () => {
    await review.succeed(["up", "by-hand-gone"]);
    await scene.api.request("DELETE", "/api/v1/namespaces/review-by-hand-gone");
    await review.succeed(["destroy", "by-hand-gone"]);
    expect(review.filesOfBackend("stacks")).not.to.include("review-by-hand-gone.json");
  });

  async function liveThrough(branch: string): Promise<void> {
    const namespace = stackName(branch);
    const up = await review.succeed(["up", "--", branch]);
    expect(up.stdout).to.contain(`${namespace} is up (16 create).`);
    expect(await objectsIn(scene.api, namespace)).to.deep.equal(promisedObjects);
    const again = await review.succeed(["up", "--", branch]);
    expect(again.stdout).to.contain(`${namespace} is up (nothing changed).`);
    const destroy = await review.succeed(["destroy", "--", branch]);
    expect(destroy.stdout).to.contain(`${namespace} is gone`);
    expect((await found(namespace)).status).to.equal(404);
    const nothing = await review.succeed(["destroy", "--", branch]);
    expect(nothing.stdout).to.contain("There is nothing of the branch");
  }

  it("drive a program of the repository's own, and leave its folder as it was", async () => {
    const own = new ReviewCommand(scene.sandbox);
    const { folder } = scene.program;
    const files = readdirSync(folder);
    const up = await own.succeed(["up", "own/program"], { cwd: folder });
    const namespace = stackName("own/program");
    expect(up.stdout).to.contain(`${namespace} is up (16 create).`);
    expect(await objectsIn(scene.api, namespace)).to.deep.equal(promisedObjects);
    await own.succeed(["destroy", "own/program"], { cwd: folder });
    expect((await found(namespace)).status).to.equal(404);
    expect(readdirSync(folder)).to.deep.equal(files);
  });

  function found(namespace: string) {
    return scene.api.request("GET", `/api/v1/namespaces/${namespace}`);
  }

  /** Of somebody who sees that the namespace is free, and cannot make it. */
  async function readerFile(): Promise<string> {
    const apiGroup = "rbac.authorization.k8s.io";
    await scene.api.request("POST", `/apis/${apiGroup}/v1/clusterrolebindings`, {
      metadata: { name: "review-readers" },
      roleRef: { apiGroup, kind: "ClusterRole", name: "view" },
      subjects: [{ apiGroup, kind: "Group", name: "review-readers" }],
    });
    return scene.sandbox.userKubeconfig("reader", ["review-readers"]);
  }

  /** A lock as Pulumi writes it, of a run that is not ours. */
  function placeLock(branch: string, holder: { hostname: string; pid: number }): string {
    const folder = join(review.backend, ".pulumi/locks/organization/shop", stackName(branch));
    mkdirSync(folder, { recursive: true });
    const content = { ...holder, username: "ci", timestamp: "2026-11-29T08:00:00Z" };
    writeFileSync(join(folder, "8f1d.json"), JSON.stringify(content));
    return folder;
  }
});
