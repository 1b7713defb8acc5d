import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { StateBackend } from "../ci/support/stateBackend";
import { FakeApiServer } from "../kubernetes/support/fakeApiServer";
import { runCommand } from "../support/command";
import { sharedSandbox } from "../support/sandbox";

const review = resolve(__dirname, "../../../review/review.js");
const count = 700;
const labelSelector = "secure-environment/kind in (review,permanent)";
const namespaces = pathOf("namespaces", { labelSelector, limit: "500" });
const quotas = pathOf("resourcequotas", {
  labelSelector,
  fieldSelector: "metadata.name=environment",
  limit: "500",
});

describe("the list of many environments", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-list-"));
  let backend: StateBackend;
  let server: FakeApiServer;

  before(async () => {
    backend = new StateBackend(await sharedSandbox());
    await backend.makeStack("shop", "review-1");
    writeFileSync(join(folder, "review.yaml"), "project: shop\n");
  });

  after(() => {
    backend.remove();
    rmSync(folder, { recursive: true });
  });

  beforeEach(async () => {
    server = await FakeApiServer.start();
  });

  afterEach(() => server.stop());

  it("takes a request for each page of namespaces and quotas, and no other", async () => {
    const names = Array.from({ length: count }, (_, index) => `review-${index}`);
    server.answers = {
      ...pages("NamespaceList", namespaces, names.map(namespace)),
      ...pages("ResourceQuotaList", quotas, names.map(quota)),
    };
    const { exitCode, stdout, output } = await list("--json");
    expect(exitCode, output).to.equal(0);
    const { environments } = JSON.parse(stdout) as { environments: { state: string }[] };
    expect(environments).to.have.length(count);
    expect(environments.filter(({ state }) => state === "up")).to.have.length(1);
    environments.forEach((one) => expect(one).to.have.property("quota"));
    expect(server.requests.map(({ url }) => url)).to.have.members([
      namespaces,
      `${namespaces}&continue=next`,
      quotas,
      `${quotas}&continue=next`,
    ]);
  });

  it("says what makes one where there is none", async () => {
    server.answer = { status: 200, body: { kind: "List", items: [] } };
    const env = { PULUMI_BACKEND_URL: `file://${mkdtempSync(join(folder, "empty-"))}` };
    const { exitCode, stdout, output } = await list("", env);
    expect(exitCode, output).to.equal(0);
    expect(stdout).to.equal(
      "There is no environment. `review up` makes one. `--all` lists those of other projects.\n",
    );
  });

  it("finds the backend that a program of the repository's own names", async () => {
    server.answers = pages("NamespaceList", namespaces, ["review-1"].map(namespace));
    server.answers = { ...server.answers, ...pages("ResourceQuotaList", quotas, []) };
    const program = mkdtempSync(join(folder, "program-"));
    const url = backend.environment.PULUMI_BACKEND_URL;
    const content = { name: "shop", runtime: "nodejs", backend: { url } };
    writeFileSync(join(program, "Pulumi.yaml"), JSON.stringify(content));
    const { exitCode, stdout, output } = await list(`--settings=${program}`, {
      PULUMI_BACKEND_URL: "",
    });
    expect(exitCode, output).to.equal(0);
    expect(stdout).to.match(/^up +review-1 /m);
  });

  it("fails where the cluster or the backend does not answer, and says which", async () => {
    server.answer = { status: 503, body: "" };
    const silent = await list();
    expect(silent.exitCode, silent.output).to.equal(1);
    expect(silent.stderr).to.contain("could not be read: HTTP-Code: 503");

    server.answer = { status: 200, body: { kind: "List", items: [] } };
    const lost = await list("", { PULUMI_BACKEND_URL: `file://${join(folder, "none")}` });
    expect(lost.exitCode, lost.output).to.equal(1);
    expect(lost.stderr).to.contain("The stacks of the backend could not be listed");
    expect(lost.stderr).to.contain("PULUMI_BACKEND_URL");
  });

  function list(flag = "", given: NodeJS.ProcessEnv = {}) {
    const KUBECONFIG = server.kubeconfigFile();
    const env = { ...process.env, ...backend.environment, KUBECONFIG, ...given };
    const args = [review, "list", ...(flag === "" ? [] : [flag])];
    return runCommand(process.execPath, args, { cwd: folder, env });
  }
});

function pathOf(resource: string, query: Record<string, string>): string {
  return `/api/v1/${resource}?${new URLSearchParams(query).toString()}`;
}

/** Two pages of a list. */
function pages(kind: string, path: string, items: readonly object[]) {
  const page = (part: readonly object[], metadata: object) => ({
    status: 200,
    body: { kind, metadata, items: part },
  });
  return {
    [path]: page(items.slice(0, 500), { continue: "next" }),
    [`${path}&continue=next`]: page(items.slice(500), {}),
  };
}

function namespace(stack: string) {
  const labels = {
    "secure-environment/kind": "review",
    "secure-environment/project": "shop",
    "secure-environment/stack": stack,
  };
  return { metadata: { name: stack, creationTimestamp: "2026-11-01T08:00:00Z", labels } };
}

function quota(name: string) {
  return {
    metadata: { namespace: name },
    status: { hard: { pods: "20" }, used: { pods: "1" } },
  };
}
