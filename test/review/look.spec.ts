import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { StateBackend } from "../ci/support/stateBackend";
import { FakeApiServer } from "../kubernetes/support/fakeApiServer";
import { type AnalyzedResource } from "../policy/support/policyAnalyzer";
import { runCommand } from "../support/command";
import { sharedSandbox } from "../support/sandbox";

const review = resolve(__dirname, "../../../review/review.js");
const stack = "organization/shop/review-login";
const name = "review-shop-login";
const created = "2026-11-01T08:00:00Z";
const labelsOf = (project: string) => ({
  "secure-environment/kind": "review",
  "secure-environment/project": project,
  "secure-environment/stack": "review-login",
});

describe("the look at a stack that is to be destroyed", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-look-"));
  let backend: StateBackend;
  let server: FakeApiServer;

  before(async () => {
    backend = new StateBackend(await sharedSandbox());
    await backend.makeStack("shop", "review-login", [namespace(labelsOf("shop"))]);
    await backend.makeStack("shop", "review-empty");
  });

  after(() => {
    backend.remove();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    server = await FakeApiServer.start();
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    rmSync(join(folder, "Pulumi.ci.yaml"), { force: true });
  });

  afterEach(() => server.stop());

  it("has nothing against one whose namespace is its own, by one request", async () => {
    stands({ labels: labelsOf("shop"), uid: "u-1" });
    const { exitCode, output } = await look();
    expect(exitCode, output).to.equal(0);
    expect(output).to.contain(`The cluster of this run: ${server.address}`);
    expect(server.requests.map(({ url }) => url)).to.deep.equal([`/api/v1/namespaces/${name}`]);
  });

  for (const [what, metadata, fault] of [
    ["of others", { labels: { team: "x" }, uid: "u-1" }, "is not this stack's: it names no stack"],
    [
      "of another project",
      { labels: labelsOf("blog"), uid: "u-1" },
      "the stack review-login of the project blog made it",
    ],
    [
      "made anew",
      { labels: labelsOf("shop"), uid: "u-2" },
      "was made anew: its uid is u-2, and the state of this stack has u-1",
    ],
    [
      "of others and being deleted",
      { uid: "u-2", deletionTimestamp: created },
      `is being deleted since ${created} and is not this stack's`,
    ],
  ] as const) {
    it(`refuses one whose namespace is ${what}`, async () => {
      stands(metadata);
      const { exitCode, output } = await look();
      expect(exitCode, output).to.equal(10);
      expect(output).to.contain(`error: Namespace ${name} exists since ${created}`);
      expect(output).to.contain(fault);
      expect(output).to.contain("Nothing was destroyed.");
    });
  }

  it("tells that its own is being deleted, and goes on: `destroy` waits for it", async () => {
    stands({ labels: labelsOf("shop"), uid: "u-1", deletionTimestamp: created });
    const { exitCode, output } = await look();
    expect(exitCode, output).to.equal(0);
    expect(output).to.contain(`Namespace ${name} is this stack's and is being deleted since`);
  });

  it("tells that the namespace is gone, and goes on", async () => {
    const { exitCode, output } = await look();
    expect(exitCode, output).to.equal(0);
    expect(output).to.contain(`Namespace ${name} is in the state, and not in the cluster.`);
  });

  for (const status of [403, 404, 500]) {
    it(`fails where the cluster answers ${status} without saying whether it is there`, async () => {
      server.answer = { status, body: "<html>" };
      const { exitCode, output } = await look();
      expect(exitCode, output).to.equal(1);
      expect(output).to.contain(`Namespace ${name} could not be read`);
    });
  }

  it("knows a namespace that names no stack by its uid alone", async () => {
    await backend.makeStack("shop", "review-plain", [namespace({ team: "x" })]);
    lists([]);
    stands({ labels: { team: "y" }, uid: "u-1" });
    expect((await look("organization/shop/review-plain")).exitCode).to.equal(0);
    stands({ labels: { team: "x" }, uid: "u-2" });
    expect((await look("organization/shop/review-plain")).exitCode).to.equal(10);
  });

  for (const [kind, full, said] of [
    ["a stack that has no namespace", "organization/shop/review-empty", "review recover"],
    ["no stack", "organization/shop/review-gone", "which is not in this backend"],
  ] as const) {
    it(`refuses to leave a namespace behind that names ${kind}`, async () => {
      lists([name]);
      const { exitCode, output } = await look(full);
      expect(exitCode, output).to.equal(10);
      expect(output).to.contain(`Namespace ${name} names the stack ${full}`);
      expect(output).to.contain(said);
    });
  }

  it("has nothing against a stack that has no namespace, in the cluster either", async () => {
    lists([]);
    expect((await look("organization/shop/review-empty")).exitCode).to.equal(0);
  });

  it("says that there is nothing to destroy, with 6, where there is no namespace either", async () => {
    lists([]);
    const { exitCode, output } = await look("organization/shop/review-gone");
    expect(exitCode, output).to.equal(6);
    expect(output).to.contain(
      "There is no stack organization/shop/review-gone in this backend, and no namespace of it in the cluster: nothing to destroy.",
    );
  });

  it("does not say so where it may not list namespaces", async () => {
    server.answer = { status: 403, body: { kind: "Status", reason: "Forbidden" } };
    const { exitCode, output } = await look("organization/shop/review-gone");
    expect(exitCode, output).to.equal(1);
    expect(output).to.contain("The list of namespaces could not be read");
    expect(output).not.to.contain("nothing to destroy");
  });

  for (const [file, content, project] of [
    ["Pulumi.yaml", "name: shop", "shop"],
    ["Pulumi.yaml", "name: shop\nconfig: {project: {default: blog}}", "blog"],
    ["Pulumi.yaml", "name: shop\nconfig: {'shop:project': blog}", "blog"],
    ["Pulumi.ci.yaml", "config: {'shop:project': blog}", "blog"],
    ["Pulumi.ci.yaml", "config: {'review:project': blog}", "shop"],
    ["Pulumi.ci.yaml", "", "shop"],
  ] as const) {
    it(`looks for namespaces of the project ${project} by ${file}: ${JSON.stringify(content)}`, async () => {
      writeFileSync(join(folder, file), content);
      lists([]);
      await look("organization/shop/review-gone");
      const [request] = server.requests;
      const { searchParams } = new URL(request!.url!, server.address);
      expect(searchParams.get("labelSelector")).to.equal(
        `secure-environment/project=${project},secure-environment/stack=review-gone`,
      );
    });
  }

  for (const value of ["2048", "0012", "{secure: AAAB}"]) {
    it(`does not guess of which project namespaces are where it is set to ${value}`, async () => {
      writeFileSync(join(folder, "Pulumi.ci.yaml"), `config: {'shop:project': ${value}}`);
      lists([]);
      const { exitCode, output } = await look("organization/shop/review-gone");
      expect(exitCode, output).to.equal(2);
      expect(output).to.contain("The setting project of shop is no text");
      expect(output).not.to.contain("nothing to destroy");
    });
  }

  it("looks at all parts of a list", async () => {
    const selector = encodeURIComponent(
      "secure-environment/project=shop,secure-environment/stack=review-gone",
    );
    const path = `/api/v1/namespaces?labelSelector=${selector}&limit=500`;
    server.answers = {
      [path]: { status: 200, body: { kind: "NamespaceList", metadata: { continue: "a+b" } } },
    };
    lists(["review-shop-gone"]);
    const { exitCode, output } = await look("organization/shop/review-gone");
    expect(exitCode, output).to.equal(10);
    expect(output).to.contain("Namespace review-shop-gone names the stack");
    expect(server.requests.map(({ url }) => url)).to.deep.equal([path, `${path}&continue=a%2Bb`]);
  });

  it("needs a program that names its project where it is to find a namespace", async () => {
    writeFileSync(join(folder, "Pulumi.yaml"), "runtime: nodejs\n");
    const { exitCode, output } = await look("organization/shop/review-gone");
    expect(exitCode, output).to.equal(2);
    expect(output).to.contain("does not name the Pulumi project");
  });

  function look(full = stack) {
    const env = { ...process.env, ...backend.environment, KUBECONFIG: server.kubeconfigFile() };
    const args = [review, "look", full, "--program", folder];
    return runCommand(process.execPath, args, { cwd: tmpdir(), env });
  }

  function stands(metadata: object): void {
    const body = {
      kind: "Namespace",
      metadata: { name, creationTimestamp: created, ...metadata },
    };
    server.answers = { ...server.answers, [`/api/v1/namespaces/${name}`]: { status: 200, body } };
  }

  /** What is found by labels. */
  function lists(names: readonly string[]): void {
    const items = names.map((one) => ({ metadata: { name: one } }));
    server.answer = { status: 200, body: { kind: "NamespaceList", items } };
  }
});

function namespace(labels: object): AnalyzedResource {
  return {
    type: "kubernetes:core/v1:Namespace",
    name: "environment",
    properties: { apiVersion: "v1", kind: "Namespace", metadata: { name, labels, uid: "u-1" } },
    provider: {},
  };
}
