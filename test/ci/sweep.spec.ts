import { expect } from "chai";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Sandbox } from "secure-environment-sandbox";
import { type CommandResult } from "../support/command";
import { PipelineRepository } from "../support/pipelineRepository";
import { violatedPolicies } from "../support/rawProgram";
import { sharedSandbox } from "../support/sandbox";

const refusal = "error: these stacks are refused, or could not be judged:";

describe("the script that judges all stacks", function () {
  this.timeout(120_000);
  let sandbox: Sandbox;
  let repository: PipelineRepository;
  let base: string;
  /** A folder with a backend whose stacks nobody else sees. */
  let folder: string;

  before("build the default branch", async () => {
    sandbox = await sharedSandbox();
    repository = await PipelineRepository.create(sandbox);
    base = await repository.checkOut("main");
    await repository.run(["sh", "-c", "npm ci && npm run build"], base, {});
  });

  after(() => repository.remove());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secure-environment-sweep-"));
    mkdirSync(backend());
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("has nothing against a backend without stacks", async () => {
    const { exitCode, output } = await sweep();
    expect(exitCode, output).to.equal(0);
  });

  it("judges stacks of all projects, and has nothing against those that keep the rules", async () => {
    await makeStack("review", "review-a");
    await makeStack("shop", "review-b");
    const { exitCode, output } = await sweep();
    expect(exitCode, output).to.equal(0);
    expect(judgedStacks(output)).to.deep.equal(["organization/shop/review-b", "review-a"]);
  });

  it("goes on after a stack that is refused, and says in the end which ones are", async () => {
    await makeStack("review", "review-a", disguised);
    await makeStack("review", "review-b");
    await makeStack("shop", "review-c", disguised);
    const swept = await sweep();
    expect(swept.exitCode, swept.output).to.equal(1);
    expect(violatedPolicies(swept).filter((name) => name === "types-are-true")).to.have.length(2);
    expect(judgedStacks(swept.output)).to.have.length(3);
    expect(swept.output).to.contain(`${refusal} organization/shop/review-c review-a\n`);
  });

  it("fails when the stacks cannot be listed", async () => {
    rmSync(backend(), { recursive: true });
    writeFileSync(backend(), "");
    const { exitCode, output } = await sweep();
    expect(exitCode, output).not.to.equal(0);
    expect(output).not.to.contain(refusal);
  });

  for (const missing of ["BASE", "PULUMI_BACKEND_URL"]) {
    it(`fails when ${missing} is missing`, async () => {
      const { exitCode, output } = await sweep({ [missing]: "" });
      expect(exitCode).not.to.equal(0);
      expect(output).to.contain(`${missing}: is missing`);
    });
  }

  /** A stack whose state says that this resource stands, if any. */
  async function makeStack(project: string, stack: string, resource?: StoredResource) {
    const place = join(folder, project);
    const file = join(folder, "state.json");
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "Pulumi.yaml"), JSON.stringify({ name: project, runtime: "nodejs" }));
    writeFileSync(file, JSON.stringify(stateOf(project, stack, resource)));
    await succeed(["pulumi", "-C", place, "stack", "init", "--no-select", stack]);
    await succeed(["pulumi", "-C", place, "stack", "import", "--stack", stack, "--file", file]);
  }

  function sweep(variables: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    return run(["sh", "ci/sweep.sh"], variables);
  }

  async function succeed(command: readonly string[]): Promise<void> {
    const result = await run(command);
    expect(result.exitCode, result.output).to.equal(0);
  }

  function run(
    command: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    const own = { BASE: base, PULUMI_BACKEND_URL: pathToFileURL(backend()).href };
    return repository.run(command, base, { ...sandbox.environment, ...own, ...variables });
  }

  function backend(): string {
    return join(folder, "backend");
  }
});

function judgedStacks(output: string): string[] {
  return [...output.matchAll(/^Stack (\S+):$/gm)].map(([, stack = ""]) => stack);
}

/** A custom resource as a state has it. */
interface StoredResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: object;
}

/** It says that it is a ConfigMap, and the provider made a Secret of it. */
const disguised: StoredResource = {
  type: "kubernetes:core/v1:ConfigMap",
  name: "disguised",
  inputs: { apiVersion: "v1", kind: "Secret", metadata: { name: "disguised", namespace: "shop" } },
};

/** A state as `pulumi stack import` takes it. */
function stateOf(project: string, stack: string, resource?: StoredResource): object {
  const urn = (type: string, name: string) => `urn:pulumi:${stack}::${project}::${type}::${name}`;
  const providerType = "pulumi:providers:kubernetes";
  const provider = {
    urn: urn(providerType, "default"),
    custom: true,
    id: "0b1c2d3e-0000-4000-8000-000000000000",
    type: providerType,
  };
  const stored = (stored: StoredResource) => ({
    urn: urn(stored.type, stored.name),
    custom: true,
    id: stored.name,
    type: stored.type,
    inputs: stored.inputs,
    outputs: stored.inputs,
    provider: `${provider.urn}::${provider.id}`,
  });
  const manifest = { time: "2026-01-01T00:00:00Z", magic: "", version: "" };
  const resources = resource === undefined ? [] : [provider, stored(resource)];
  return { version: 3, deployment: { manifest, resources } };
}
