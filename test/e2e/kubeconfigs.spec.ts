import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { setScene } from "./support/scene";

const stack = "review-logged-in";

describe("a kubeconfig in several files, with a command that prints credentials", function () {
  this.timeout(300_000);
  const scene = setScene();
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-kubeconfigs-"));
  let KUBECONFIG: string;

  before(() => {
    const { clusters, users } = parse(readFileSync(scene.sandbox.kubeconfig, "utf8"));
    const [{ user }] = users;
    writeFileSync(join(folder, "login"), loginScript(user), { mode: 0o700 });
    const apiVersion = "client.authentication.k8s.io/v1";
    const exec = { apiVersion, command: "./login", interactiveMode: "Never" };
    const context = { cluster: clusters[0].name, user: "plugin" };
    KUBECONFIG = [
      join(folder, "missing"),
      file("cluster", { clusters }),
      file("user", {
        users: [{ name: "plugin", user: { exec } }],
        contexts: [{ name: "sandbox", context }],
        "current-context": "sandbox",
      }),
    ].join(delimiter);
  });

  after(() => rmSync(folder, { recursive: true }));

  it("is what the look at the namespace and the provider both use", async () => {
    await scene.program.createStack(stack);

    const up = await run("up", "--skip-preview");
    const destroy = await run("destroy", "--skip-preview", "--remove");

    expect(up.exitCode, up.output).to.equal(0);
    expect(up.output).to.contain("16 created");
    expect(destroy.exitCode, destroy.output).to.equal(0);
  });

  it("is what says that the namespace is somebody else's", async () => {
    const foreign = { metadata: { name: `${stack}-taken` } };
    await scene.api.request("POST", "/api/v1/namespaces", foreign);
    await scene.program.createStack(`${stack}-taken`);
    const args = ["up", "--stack", `${stack}-taken`, "--yes", "--skip-preview"];

    const up = await scene.program.pulumi(args, { env: { KUBECONFIG } });

    expect(up.exitCode).not.to.equal(0);
    expect(up.output).to.contain("is not this stack's: it names no stack that made it");
    await scene.program.destroy(`${stack}-taken`);
    await scene.api.request("DELETE", `/api/v1/namespaces/${stack}-taken`);
  });

  function run(command: string, ...args: string[]) {
    return scene.program.pulumi([command, "--stack", stack, "--yes", ...args], {
      env: { KUBECONFIG },
    });
  }

  function file(name: string, content: object): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify({ apiVersion: "v1", kind: "Config", ...content }));
    return path;
  }
});

interface Certificates {
  readonly "client-certificate-data": string;
  readonly "client-key-data": string;
}

function loginScript(user: Certificates): string {
  const plain = (data: string) => Buffer.from(data, "base64").toString();
  const status = {
    clientCertificateData: plain(user["client-certificate-data"]),
    clientKeyData: plain(user["client-key-data"]),
  };
  const credential = {
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status,
  };
  return `#!/bin/sh\ncat <<'END'\n${JSON.stringify(credential)}\nEND\n`;
}
