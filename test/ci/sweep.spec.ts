import { expect } from "chai";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Sandbox } from "secure-environment-sandbox";
import { analyzedEnvironment } from "../policy/support/analyzedEnvironment";
import { type CommandResult } from "../support/command";
import { type FakeApiServer } from "../kubernetes/support/fakeApiServer";
import { namespaceServer } from "./support/namespaceServer";
import { PipelineRepository } from "./support/pipelineRepository";
import { type AnalyzedResource } from "../policy/support/policyAnalyzer";
import { disguised, violatedPolicies } from "../policy/support/rawProgram";
import { sharedSandbox } from "../support/sandbox";
import { StateBackend } from "./support/stateBackend";

const refusal = "error: these stacks are refused, or could not be judged:";
const staging = "organization/review/staging";
const refusedResource: AnalyzedResource = { ...disguised, provider: {} };

describe("the script that judges all stacks", function () {
  this.timeout(300_000);
  let sandbox: Sandbox;
  let repository: PipelineRepository;
  let base: string;
  let backend: StateBackend;
  let server: FakeApiServer;

  before("build the default branch", async () => {
    sandbox = await sharedSandbox();
    repository = await PipelineRepository.create(sandbox);
    base = await repository.checkOut("main");
    await repository.run(["sh", "-c", "npm ci && npm run build"], base, {});
  });

  after(() => repository.remove());

  beforeEach(async () => {
    backend = new StateBackend(sandbox);
    server = await namespaceServer();
    namePermanentStacks();
  });

  afterEach(() => {
    backend.remove();
    server.stop();
  });

  it("has nothing against a backend without stacks", async () => {
    const { exitCode, output } = await sweep();
    expect(exitCode, output).to.equal(0);
  });

  it("judges stacks of all projects, has nothing against those that keep the rules, and writes nothing", async () => {
    await backend.makeStack("review", "review-a", await environment("review-a"));
    await backend.makeStack("shop", "review-b");
    await clusterHas("review-a");
    const before = contentsOf(backend.folder);
    const { exitCode, output } = await sweep();
    expect(exitCode, output).to.equal(0);
    expect(judgedStacks(output)).to.deep.equal({
      "organization/review/review-a": "policy.json",
      "organization/shop/review-b": "policy.json",
    });
    expect(contentsOf(backend.folder)).to.deep.equal(before);
  });

  it("goes on after a stack that is refused, and says in the end which ones are", async () => {
    await backend.makeStack("review", "review-a", [refusedResource]);
    await backend.makeStack("review", "review-b");
    await backend.makeStack("shop", "review-c", [refusedResource]);
    const swept = await sweep();
    expect(swept.exitCode, swept.output).to.equal(1);
    expect(violatedPolicies(swept).filter((name) => name === "types-are-true")).to.have.length(2);
    expect(Object.keys(judgedStacks(swept.output))).to.have.length(3);
    const refused = "organization/review/review-a organization/shop/review-c";
    expect(swept.output).to.contain(`${refusal} ${refused}\n`);
  });

  it("lets a stack stay that is named as a permanent one, and no other", async () => {
    namePermanentStacks(staging);
    await backend.makeStack("review", "staging", await permanentEnvironment("staging"));
    await backend.makeStack("review", "review-a", await environment("review-a"));
    await clusterHas("review-a");
    const allowed = await sweep();
    expect(allowed.exitCode, allowed.output).to.equal(0);
    expect(judgedStacks(allowed.output)).to.deep.equal({
      "organization/review/review-a": "policy.json",
      [staging]: "policy.permanent.json",
    });

    await backend.makeStack("review", "stagin", await permanentEnvironment("stagin"));
    await backend.makeStack("review", "review-b", await permanentEnvironment("review-b"));
    await clusterHas("review-a", "review-b");
    const refused = await sweep();
    expect(refused.exitCode, refused.output).to.equal(1);
    expect(violatedPolicies(refused)).to.include("stack-owns-only-its-environment");
    const others = "organization/review/review-b organization/review/stagin";
    expect(refused.output).to.contain(`${refusal} ${others}\n`);
  });

  it("refuses what breaks a rule in a permanent stack too", async () => {
    namePermanentStacks(staging);
    await backend.makeStack("review", "staging", [refusedResource]);
    const swept = await sweep();
    expect(swept.exitCode, swept.output).to.equal(1);
    expect(violatedPolicies(swept)).to.include("types-are-true");
    expect(judgedStacks(swept.output)).to.deep.equal({ [staging]: "policy.permanent.json" });
  });

  const notNamed: Readonly<Record<string, () => void>> = {
    "in a comment": () => namePermanentStacks(`# ${staging}`),
    "by a part of its name": () => namePermanentStacks("staging", `${staging}-2`, "review/staging"),
    "by a pattern": () => namePermanentStacks("organization/review/stag.*", "*"),
    "in no list, as there is none": () => rmSync(join(base, "ci/permanent-stacks")),
  };
  for (const [how, name] of Object.entries(notNamed)) {
    it(`takes a stack for a review environment that is named ${how}`, async () => {
      name();
      await backend.makeStack("review", "staging");
      expect(judgedStacks((await sweep()).output)).to.deep.equal({ [staging]: "policy.json" });
    });
  }

  for (const code of [1, 6]) {
    it(`fails when a stack cannot be exported, by exit code ${code}, and judges the others`, async () => {
      await backend.makeStack("review", "review-a");
      await backend.makeStack("review", "review-b", [refusedResource]);
      const swept = await sweep({ PATH: pathWithPulumiThatFails("review-a", code) });
      expect(swept.exitCode, swept.output).to.equal(1);
      const both = "organization/review/review-a organization/review/review-b";
      expect(swept.output).to.contain(`${refusal} ${both}\n`);
      expect(violatedPolicies(swept)).to.include("types-are-true");
    });
  }

  it("fails when the stacks cannot be listed", async () => {
    rmSync(backend.folder, { recursive: true });
    writeFileSync(backend.folder, "");
    const { exitCode, output } = await sweep();
    expect(exitCode, output).not.to.equal(0);
    expect(output).not.to.contain(refusal);
  });

  it("fails when a stack that keeps the rules has no namespace, and when a namespace has no stack", async () => {
    await backend.makeStack("review", "review-a", await environment("review-a"));
    const gone = await sweep();
    expect(gone.exitCode, gone.output).to.equal(1);
    expect(gone.output).to.contain("review/review-a: its namespace review-a is gone.");
    expect(gone.output).not.to.contain(refusal);

    await clusterHas("review-a", "review-b");
    const left = await sweep();
    expect(left.exitCode, left.output).to.equal(1);
    expect(left.output).to.contain("Namespace review-b: the stack review-b of the project review");
    const told = await sweep({ SWEEP_PROJECTS: "shop blog" });
    expect(told.exitCode, told.output).to.equal(0);
  });

  it("looks for no namespace of a stack that is named as a permanent one", async () => {
    namePermanentStacks("", "organization/shop/other", "# more", staging);
    await backend.makeStack("review", "staging", await permanentEnvironment("staging"));
    const { exitCode, output } = await sweep();
    expect(exitCode, output).to.equal(0);
  });

  for (const missing of ["BASE", "PULUMI_BACKEND_URL", "KUBECONFIG"]) {
    it(`fails when ${missing} is missing`, async () => {
      const { exitCode, output } = await sweep({ [missing]: "" });
      expect(exitCode).not.to.equal(0);
      expect(output).to.contain(`${missing}: is missing`);
    });
  }

  function namePermanentStacks(...lines: readonly string[]): void {
    writeFileSync(join(base, "ci/permanent-stacks"), `${["# Stacks", ...lines].join("\n")}\n`);
  }

  /** Finds a `pulumi` first that ends with this code when it is asked for the stack's state. */
  function pathWithPulumiThatFails(stack: string, code: number): string {
    const folder = join(backend.folder, "..", "bin");
    const file = join(folder, "pulumi");
    mkdirSync(folder);
    const lines = [
      "#!/bin/sh",
      `case "$*" in *export*/${stack}" "*) exit ${code} ;; esac`,
      `PATH="\${PATH#*:}" exec pulumi "$@"`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`);
    chmodSync(file, 0o755);
    return [folder, sandbox.environment.PATH].join(delimiter);
  }

  async function clusterHas(...stacks: readonly string[]): Promise<void> {
    server.stop();
    server = await namespaceServer(...stacks);
  }

  function sweep(variables: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    const KUBECONFIG = server.kubeconfigFile();
    const given = { ...backend.environment, KUBECONFIG, BASE: base, ...variables };
    return repository.run(["sh", "ci/sweep.sh"], base, given);
  }
});

function environment(stack: string): Promise<AnalyzedResource[]> {
  return analyzedEnvironment({ expiresAt: "2099-01-31T18:00:00Z" }, { stack });
}

function permanentEnvironment(stack: string): Promise<AnalyzedResource[]> {
  return analyzedEnvironment({ permanent: true }, { stack });
}

/** The configuration by which each stack was judged. */
function judgedStacks(output: string): Record<string, string> {
  const lines = [...output.matchAll(/^Stack (\S+), by (\S+):$/gm)];
  return Object.fromEntries(lines.map(([, stack = "", by = ""]) => [stack, by]));
}

/** What each file below a folder holds. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, "utf8")]));
}
