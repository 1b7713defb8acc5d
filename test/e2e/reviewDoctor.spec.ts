import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020";
import { expect } from "chai";
import { parse } from "yaml";
import { type CommandResult } from "../support/command";
import { ApiGate } from "./support/review/apiGate";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const repository = resolve(__dirname, "../../..");

interface Finding {
  readonly subject: string;
  readonly state: string;
  readonly found: string;
  readonly fix?: string;
}

describe("`review doctor`", function () {
  this.timeout(120_000);
  const scene = setScene();
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-doctor-"));
  const passphrase = { PULUMI_CONFIG_PASSPHRASE: "hunter2" };
  let review: ReviewCommand;
  let uid: string;

  before(async () => {
    const { body } = await scene.api.request("GET", "/api/v1/namespaces/kube-system");
    uid = body.metadata.uid;
    review = new ReviewCommand(scene.sandbox, { project: "shop", cluster: uid });
  });

  after(() => rmSync(folder, { recursive: true }));

  it("finds nothing wrong for an administrator, and warns of what a sandbox lacks", async () => {
    const { findings, exitCode } = await examined();
    expect(exitCode).to.equal(0);
    const notGood = findings.filter(({ state }) => state !== "ok");
    const told = notGood.map(({ subject, state }) => `${subject}: ${state}`);
    expect(told, JSON.stringify(notGood)).to.deep.equal(["network plugin: warning"]);
    expect(findings.map(({ subject }) => subject)).to.include.members([
      "settings",
      "Node.js",
      "pulumi",
      "Kubernetes provider",
      "state backend",
      "passphrase",
      "cluster",
      "Kubernetes",
      "cluster's identity",
      "rights of up",
      "rights of destroy",
      "platform",
      "clock",
    ]);
  });

  it("prints a table, and no passphrase", async () => {
    const { exitCode, stdout, output } = await run([]);
    expect(exitCode, output).to.equal(0);
    expect(stdout).to.match(
      /^STATE +WHAT +FOUND\nok +settings +review\.yaml of the project shop\n/,
    );
    expect(stdout).to.match(/^warning +network plugin .*\n +→ Ask who enforces them here/m);
    expect(output).not.to.contain("hunter2");
  });

  it("looks at the deletions of a branch, of which there is no stack yet", async () => {
    const { findings } = await examined(["feature/x"]);
    expect(find(findings, "deletions").found).to.contain("there is no stack organization/shop/");
  });

  it("only reads, and asks for reviews", async () => {
    const gate = await ApiGate.start(scene.sandbox.kubeconfig);
    const seen: string[] = [];
    gate.onRequest = (method, url) => seen.push(`${method} ${url}`);
    try {
      const kubeconfig = gate.writeKubeconfig(join(folder, "gate.json"));
      const { exitCode } = await examined(["feature/x"], { KUBECONFIG: kubeconfig });
      expect(exitCode).to.equal(0);
    } finally {
      gate.close();
    }
    expect(seen.length).to.be.greaterThan(10);
    const others = seen.filter((request) => !/^GET |^POST \S+\/selfsubject\w+$/.test(request));
    expect(others).to.deep.equal([]);
    expect(review.filesOfBackend("stacks")).to.deep.equal([]);
  });

  it("names the rights that a service account lacks, and ends with 3", async () => {
    const KUBECONFIG = await scene.sandbox.serviceAccountKubeconfig("default", "default");
    const { findings, exitCode } = await examined([], { KUBECONFIG });
    expect(exitCode).to.equal(3);
    const up = find(findings, "rights of up");
    expect(up).to.include({ state: "wrong", isAboutCredentials: true });
    expect(up.found).to.match(/create namespaces, .*networkpolicies, .*; patch namespaces, /);
    expect(find(findings, "rights of destroy").found).to.contain("delete namespaces");
    expect(find(findings, "rights of kubeconfig").found).to.contain("create serviceaccounts/token");
    for (const subject of ["cluster's identity", "platform", "network plugin"]) {
      expect(find(findings, subject), subject).to.include({ state: "unknown" });
    }
  });

  it("ends with 3 where the cluster does not take the credentials", async () => {
    const { clusters } = parse(readFileSync(scene.sandbox.kubeconfig, "utf8"));
    const file = join(folder, "stranger.json");
    const contexts = [{ name: "x", context: { cluster: clusters[0].name, user: "nobody" } }];
    const users = [{ name: "nobody", user: { token: "hunter3" } }];
    writeFileSync(file, JSON.stringify({ clusters, contexts, users, "current-context": "x" }));
    const { findings, exitCode } = await examined([], { KUBECONFIG: file });
    expect(exitCode).to.equal(3);
    const cluster = find(findings, "cluster");
    expect(cluster).to.include({ state: "wrong", isAboutCredentials: true });
    expect(cluster.found).to.contain("does not take these credentials");
    expect(JSON.stringify(findings)).not.to.contain("hunter3");
  });

  it("says which cluster it is in place of the one of the settings", async () => {
    const other = new ReviewCommand(scene.sandbox, { project: "shop", cluster: "another" });
    const { findings, exitCode } = await examined([], {}, other);
    expect(exitCode).to.equal(1);
    expect(find(findings, "cluster's identity")).to.include({ state: "wrong" });
    expect(find(findings, "cluster's identity").found).to.contain(uid).and.contain("another");
  });

  it("says what the settings are to say of a cluster that they do not name", async () => {
    const other = new ReviewCommand(scene.sandbox, { project: "shop" });
    const { findings, exitCode } = await examined([], {}, other);
    expect(exitCode).to.equal(0);
    expect(find(findings, "cluster's identity").fix).to.contain(`\`cluster: ${uid}\``);
  });

  it("says that the backend is gone, and looks at the rest", async () => {
    const gone = { PULUMI_BACKEND_URL: "file:///nowhere/at/all" };
    const { findings, exitCode } = await examined([], gone);
    expect(exitCode).to.equal(1);
    expect(find(findings, "state backend")).to.include({ state: "wrong" });
    expect(find(findings, "state backend").found).to.contain("/nowhere/at/all");
    expect(find(findings, "cluster")).to.include({ state: "ok" });
  });

  it("says that pulumi is not on the PATH, and looks at the rest", async () => {
    symlinkSync(process.execPath, join(folder, "node"));
    const { findings, exitCode } = await examined([], { PATH: folder });
    expect(exitCode).to.equal(1);
    expect(find(findings, "pulumi")).to.include({ state: "wrong", found: "is not on the PATH" });
    expect(find(findings, "clock")).to.include({ state: "ok" });
  });

  it("says that the cluster does not answer once, and that nothing else of it is known", async () => {
    const gate = await ApiGate.start(scene.sandbox.kubeconfig);
    const KUBECONFIG = gate.writeKubeconfig(join(folder, "closed.json"));
    gate.close();
    const { findings, exitCode } = await examined([], { KUBECONFIG });
    expect(exitCode).to.equal(1);
    const faults = findings.filter(({ state }) => state === "wrong");
    expect(faults.map(({ subject }) => subject)).to.deep.equal(["cluster"]);
    expect(find(findings, "rights")).to.include({ state: "unknown" });
  });

  it("tells all faults of the settings, and looks at the rest", async () => {
    const other = new ReviewCommand(scene.sandbox, { project: "my shop!", lifetime: "7 days" });
    const { findings, exitCode } = await examined([], {}, other);
    expect(exitCode).to.equal(1);
    expect(find(findings, "settings").found).to.contain("project is").and.contain("lifetime is");
    expect(find(findings, "cluster")).to.include({ state: "ok" });
  });

  function run(
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    by = review,
  ): Promise<CommandResult> {
    return by.run(["doctor", ...args], { env: { ...passphrase, CI: undefined, ...env } });
  }

  async function examined(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}, by = review) {
    const { exitCode, stdout, output } = await run([...args, "--json"], env, by);
    const schema = readFileSync(join(repository, "review/schemas/doctor.json"), "utf8");
    const result = JSON.parse(stdout) as { findings: readonly Finding[] };
    const ajv = new Ajv2020();
    expect(ajv.validate(JSON.parse(schema), result), output).to.equal(true);
    return { ...result, exitCode };
  }

  function find(findings: readonly Finding[], subject: string): Finding {
    const found = findings.find((one) => one.subject === subject);
    expect(found, subject).not.to.equal(undefined);
    return found!;
  }
});
