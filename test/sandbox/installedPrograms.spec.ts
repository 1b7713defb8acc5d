import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ensureToolchain } from "secure-environment-sandbox";
import { standIns } from "secure-environment-sandbox/bin/plugins/index";
import { quote } from "secure-environment-sandbox/bin/shell";
import { runSandbox } from "./support/sandboxCommand";

const controlPlane = ["etcd", "kube-apiserver", "kube-controller-manager"];
const pluginVersions = { kubernetes: "4.34.2", random: "4.21.2" } as const;

describe("a sandbox on a machine with envtest's binaries and Pulumi", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "installed-programs-"));
  const [assets, binaries, home, program] = ["assets", "bin", "pulumi-home", "program"].map(
    (name) => join(folder, name),
  ) as [string, string, string, string];
  // There is no `go` in it, so whatever would have to be built fails.
  const environment = {
    KUBEBUILDER_ASSETS: assets,
    PATH: `${binaries}:${join(process.execPath, "..")}:/usr/bin:/bin`,
    PULUMI_HOME: home,
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  const state = ["--state", join(folder, "sandbox")];

  before("put programs of ours into their places", async () => {
    const toolchain = await ensureToolchain();
    const { etcd, kubeApiServer, kubeControllerManager, pulumi, kubernetesProvider } = toolchain;
    [assets, binaries, home, program].forEach((path) => mkdirSync(path));
    for (const { name, path } of [etcd, kubeApiServer, kubeControllerManager]) {
      symlinkSync(path, join(assets, name));
    }
    // The engine takes a language host for its own only if that lies beside its executable.
    cpSync(pulumi.path, join(binaries, "pulumi"));
    launch("pulumi-language-nodejs", binaries);
    const plugins = Object.entries(pluginVersions).map(([name, version]) =>
      join(home, "plugins", `resource-${name}-v${version}`),
    ) as [string, string];
    plugins.forEach((path) => mkdirSync(path, { recursive: true }));
    symlinkSync(kubernetesProvider?.path ?? "", join(plugins[0], "pulumi-resource-kubernetes"));
    launch("pulumi-resource-random", plugins[1]);
    writeProgram(program);
  });

  after(async () => {
    await runSandbox(["down", ...state], environment);
    rmSync(folder, { recursive: true });
  });

  it("builds nothing, stands in for nothing, and says where everything was found", async () => {
    const { exitCode, stdout, stderr } = await runSandbox(["up", ...state], environment);

    expect(exitCode, stderr).to.equal(0);
    expect(stderr).not.to.match(/build/i);
    expect(stdout).not.to.contain("stand-in");
    controlPlane.forEach((name) => expect(stdout).to.contain(`found at ${join(assets, name)}`));
    expect(stdout).to.contain(`found at ${join(binaries, "pulumi")}`);
    for (const [name, version] of Object.entries(pluginVersions)) {
      expect(stdout).to.match(new RegExp(`pulumi-resource-${name} +v${version} +found at ${home}`));
    }
  });

  it("brings objects up and down with them", async () => {
    const run = (...args: string[]) =>
      runSandbox(["exec", ...state, "--", "pulumi", "-C", program, ...args], environment);

    const stack = await run("stack", "init", "test");
    const up = await run("up", "--yes", "--skip-preview", "--stack", "test");
    const destroy = await run("destroy", "--yes", "--skip-preview", "--stack", "test");

    expect(stack.exitCode, stack.stderr).to.equal(0);
    expect(up.exitCode, up.stdout + up.stderr).to.equal(0);
    expect(up.stdout).to.contain("2 created").and.not.to.contain("from $PATH");
    expect(destroy.exitCode, destroy.stdout).to.equal(0);
  });
});

function launch(executable: string, directory: string): void {
  const entry = standIns.find((standIn) => standIn.executable === executable)?.entry ?? "";
  const launcher = `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(entry)} "$@"\n`;
  writeFileSync(join(directory, executable), launcher, { mode: 0o700 });
}

function writeProgram(directory: string): void {
  const runtime = { name: "nodejs", options: { typescript: false } };
  const settings = { name: "installed", runtime, main: "index.js" };
  writeFileSync(join(directory, "Pulumi.yaml"), JSON.stringify(settings));
  writeFileSync(join(directory, "package.json"), "{}");
  writeFileSync(join(directory, "index.js"), source);
  symlinkSync(join(__dirname, "..", "..", "..", "node_modules"), join(directory, "node_modules"));
}

const source = `
  const { core } = require("@pulumi/kubernetes");
  new core.v1.Namespace("ns", { metadata: { name: "installed-programs" } });
`;
