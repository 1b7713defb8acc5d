import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { FakeApiServer } from "../../kubernetes/support/fakeApiServer";
import { runCommand } from "../../support/command";

const review = resolve(__dirname, "../../../../review/review.js");

interface Finding {
  readonly subject: string;
  readonly state: string;
  readonly found: string;
}

describe("`review doctor` where nothing is installed", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-doctor-"));
  let server: FakeApiServer;

  before(async () => {
    server = await FakeApiServer.start();
    server.answers = {
      "/version": { status: 200, body: { gitVersion: "v1.36.3" } },
      "/api/v1/namespaces/kube-system": { status: 200, body: { metadata: { uid: "1-2" } } },
    };
    server.answer = { status: 403, body: { kind: "Status", message: "no\u001b[2J" } };
    writeFileSync(join(folder, "review.yaml"), "project: shop\ncluster: 1-2\n");
    symlinkSync(process.execPath, join(folder, "node"));
  });

  after(() => {
    server.stop();
    rmSync(folder, { recursive: true });
  });

  function doctor(...args: readonly string[]) {
    const env = { PATH: folder, HOME: folder, KUBECONFIG: server.kubeconfigFile() };
    return runCommand(process.execPath, [review, "doctor", ...args], { cwd: folder, env });
  }

  it("finds out what there is, and what may not be seen is no error", async () => {
    const { exitCode, stdout, output } = await doctor("--json");
    expect(exitCode, output).to.equal(1);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
    const states = findings.map(({ subject, state }) => [subject, state]);
    expect(Object.fromEntries(states)).to.deep.equal({
      settings: "ok",
      review: "ok",
      "Node.js": "ok",
      pulumi: "wrong",
      cluster: "ok",
      Kubernetes: "ok",
      "cluster's identity": "ok",
      "rights of up": "unknown",
      "rights of destroy": "unknown",
      "rights of list": "unknown",
      "rights of kubeconfig": "unknown",
      platform: "unknown",
      "network plugin": "unknown",
      clock: "ok",
    });
  });

  it("only reads, and asks for reviews of its own rights", async () => {
    server.requests.length = 0;
    await doctor("feature/x");
    const sent = server.requests.map(({ method, url }) => `${method} ${url}`);
    expect(sent.length).to.be.greaterThan(10);
    const others = sent.filter((request) => !/^GET |^POST \S+\/selfsubject\w+$/.test(request));
    expect(others).to.deep.equal([]);
  });

  it("says nothing of the credentials, and nothing that a terminal would act upon", async () => {
    const { output } = await doctor();
    expect(output).not.to.contain("hunter2");
    expect(output).not.to.match(/[^\P{C}\n]/u);
  });

  it("takes no branch beside a stack", async () => {
    const { exitCode, stderr } = await doctor("feature/x", "--stack", "organization/shop/review-x");
    expect(exitCode).to.equal(2);
    expect(stderr).to.contain("--stack looks at one stack alone");
  });
});
