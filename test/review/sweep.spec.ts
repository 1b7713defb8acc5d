import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { StateBackend } from "../ci/support/stateBackend";
import { FakeApiServer } from "../kubernetes/support/fakeApiServer";
import { type AnalyzedResource } from "../policy/support/policyAnalyzer";
import { runCommand } from "../support/command";
import { sharedSandbox } from "../support/sandbox";

const review = resolve(__dirname, "../../../review/review.js");
const created = "2026-11-01T08:00:00Z";

interface Metadata {
  readonly name: string;
  readonly labels: object;
  readonly uid: string;
  readonly deletionTimestamp?: string;
}

describe("the sweep of a backend and a cluster", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-sweep-"));
  let backend: StateBackend;
  let server: FakeApiServer;

  before(async () => {
    backend = new StateBackend(await sharedSandbox());
    await backend.makeStack("shop", "review-a", [stateOf(environment("shop", "a"))]);
    await backend.makeStack("blog", "review-a", [stateOf(environment("blog", "a"))]);
    await backend.makeStack("blog", "review-empty");
  });

  after(() => {
    backend.remove();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    server = await FakeApiServer.start();
  });

  afterEach(() => server.stop());

  it("has nothing against stacks and namespaces that match, by one request", async () => {
    stand([environment("shop", "a"), environment("blog", "a")]);
    const { exitCode, output } = await sweep();
    expect(exitCode, output).to.equal(0);
    expect(output).to.contain("Stacks and namespaces match; environments: 2.");
    expect(server.requests).to.have.length(1);
  });

  it("finds a stack whose namespace is gone", async () => {
    stand([environment("shop", "a")]);
    expect(await faults()).to.deep.equal([
      "Stack organization/blog/review-a: its namespace review-blog-a is gone. " +
        "Destroy the stack, or bring it up again with --refresh.",
    ]);
  });

  it("finds a stack whose namespace is being deleted, another's, or made anew", async () => {
    const shop = environment("shop", "a");
    const blog = environment("blog", "a");
    stand([
      { ...shop, deletionTimestamp: created },
      { ...blog, uid: "u-anew" },
    ]);
    const [first, second, ...others] = await faults();
    expect(others).to.deep.equal([]);
    expect(first).to.match(/^Stack organization\/blog\/review-a: .*was made anew.*u-anew/);
    expect(second).to.match(/^Stack organization\/shop\/review-a: .*is being deleted since/);

    stand([{ ...shop, labels: { "secure-environment/kind": "review" } }, blog]);
    const [foreign] = await faults();
    expect(foreign).to.match(/^Stack organization\/shop\/review-a: .*is not this stack's/);
  });

  it("finds a namespace whose stack is gone", async () => {
    const left = environment("news", "b");
    stand([environment("shop", "a"), environment("blog", "a"), left]);
    expect(await faults()).to.deep.equal([
      "Namespace review-news-b: the stack review-b of the project news made it, and no stack in this " +
        "backend has it. If no other backend has its stack, have it deleted.",
    ]);
  });

  it("leaves namespaces of other projects to other backends, when it is told", async () => {
    stand([environment("shop", "a"), environment("blog", "a"), environment("news", "b")]);
    expect((await sweep("--project", "shop", "blog")).exitCode).to.equal(0);
    expect((await sweep("--project", "shop", "news")).exitCode).to.equal(1);
  });

  it("leaves stacks alone that are no review environments", async () => {
    stand([environment("shop", "a")]);
    const { exitCode, output } = await sweep("--except", "organization/blog/review-a");
    expect(exitCode, output).to.equal(0);
  });

  it("blames nothing that comes or goes while it looks", async () => {
    const shop = environment("shop", "a");
    const blog = environment("blog", "a");
    stand([shop, environment("news", "b")], [shop, blog]);
    const { exitCode, output } = await sweep();
    expect(exitCode, output).to.equal(0);
  });

  it("fails where namespaces may not be listed", async () => {
    server.answer = { status: 403, body: { kind: "Status", reason: "Forbidden" } };
    const { exitCode, output } = await sweep();
    expect(exitCode, output).to.equal(1);
    expect(output).to.contain("The list of namespaces could not be read");
  });

  /** What is in the list, and what is there when each of them is looked at. */
  function stand(listed: readonly Metadata[], afterwards = listed): void {
    const objects = (all: readonly Metadata[]) =>
      all.map((metadata) => ({
        kind: "Namespace",
        metadata: { creationTimestamp: created, ...metadata },
      }));
    const selector = encodeURIComponent("secure-environment/kind=review");
    const list = { kind: "NamespaceList", items: objects(listed) };
    server.answers = Object.fromEntries([
      [`/api/v1/namespaces?labelSelector=${selector}&limit=500`, { status: 200, body: list }],
      ...objects(afterwards).map((body) => [
        `/api/v1/namespaces/${body.metadata.name}`,
        { status: 200, body },
      ]),
    ]);
  }

  async function faults(): Promise<string[]> {
    const { exitCode, stdout, output } = await sweep();
    expect(exitCode, output).to.equal(1);
    expect(output).to.contain("error: Stacks and namespaces do not match; see above.");
    return stdout.trim().split("\n");
  }

  function sweep(...args: string[]) {
    const env = { ...process.env, ...backend.environment, KUBECONFIG: server.kubeconfigFile() };
    return runCommand(process.execPath, [review, "sweep", ...args], { cwd: folder, env });
  }
});

function environment(project: string, slug: string): Metadata {
  const labels = {
    "secure-environment/kind": "review",
    "secure-environment/project": project,
    "secure-environment/stack": `review-${slug}`,
  };
  return { name: `review-${project}-${slug}`, labels, uid: `u-${project}` };
}

function stateOf(metadata: Metadata): AnalyzedResource {
  return {
    type: "kubernetes:core/v1:Namespace",
    name: "environment",
    properties: { apiVersion: "v1", kind: "Namespace", metadata },
    provider: {},
  };
}
