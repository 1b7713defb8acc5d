import { appendFileSync, chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { truncateSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";

import { expect } from "chai";
import { checkDisk, isOlder } from "secure-environment-sandbox/bin/goInstallation.js";
import { withLock } from "secure-environment-sandbox/bin/lock.js";
import {
  controlPlaneModule,
  engineModule,
  kubernetesProviderModule,
  moduleKey,
  nodeModules,
  nodeModulesWith,
  type PinnedModule,
  sourceDate,
} from "secure-environment-sandbox/bin/pinnedModules.js";
import { standIns } from "secure-environment-sandbox/bin/plugins/index.js";
import { referenceTo } from "secure-environment-sandbox/bin/processes.js";
import { duration, plainReporter } from "secure-environment-sandbox/bin/reporter.js";
import { quote } from "secure-environment-sandbox/bin/shell.js";

import { eventually } from "../support/eventually";
import { FakeGo } from "./support/fakeGo";
import { beginSandbox, runSandbox } from "./support/sandboxCommand";

const controlPlane = ["etcd", "kube-apiserver", "kube-controller-manager"];
const programs = [...controlPlane, "pulumi", "pulumi-resource-kubernetes"];
const nodePrograms = [
  ...["kubelet", "kube-proxy", "kube-scheduler"],
  ...["kube-router", "coredns", "probe"],
];
const modules = [controlPlaneModule, engineModule, kubernetesProviderModule];

describe("the toolchain", function () {
  this.timeout(180_000);
  let go: FakeGo;

  beforeEach(() => {
    go = new FakeGo();
  });

  afterEach(() => {
    go.remove();
  });

  function build(...options: string[]) {
    return runSandbox(["toolchain", ...options], go.environment);
  }

  it("is built once and reused from then on", async () => {
    const first = await build();
    const second = await build();

    expect([first.exitCode, second.exitCode], first.stderr).to.deep.equal([0, 0]);
    expect(go.builds).to.have.length(programs.length);
    programs.forEach((name) => expect(second.stdout).to.match(new RegExp(`${name} +v1\\.2\\.3`)));
  });

  it("is built from exactly what the module files pin", async () => {
    await build();

    go.builds.forEach((call) => expect(call).to.contain("-mod=readonly"));
    const apiServer = go.builds.find((call) => call.endsWith("cmd/kube-apiserver"));
    expect(apiServer).to.contain("k8s.io/component-base/version.gitVersion=v1.36.3");
    expect(go.builds.join("\n")).to.contain("-X main.version=4.0.0-20260115033456-f47bc2d6f199");
  });

  it("says before the first build, and once, how long it takes and how much disk", async () => {
    const { stderr } = await build();

    expect(stderr.match(/First build of/g)).to.have.length(1);
    expect(stderr.split("\n")[0]).to.match(
      /First build of etcd.*pulumi, pulumi-resource-kubernetes .*minutes.*11 GB of disk/,
    );
  });

  it("has what a node needs only where one is asked for, and builds nothing else again then", async () => {
    const without = await build();
    const built = go.builds.length;
    const withNode = await build("--node");

    expect([without.exitCode, withNode.exitCode], withNode.stderr).to.deep.equal([0, 0]);
    expect(without.stdout).not.to.match(/kubelet|kube-router/);
    expect(withNode.stdout).not.to.contain("kube-network-policies");
    nodePrograms.forEach((name) => expect(withNode.stdout).to.match(new RegExp(`^${name} `, "m")));
    expect(go.builds).to.have.length(built + nodePrograms.length);
    expect(withNode.stderr.split("\n")[0]).to.match(/First build of kubelet, .*probe from pinned/);
    expect(go.cached).to.have.members([...modules, ...nodeModules].map(folderOf));
  });

  it("has the enforcer of network policies that is asked for, and no other", async () => {
    const { exitCode, stdout, stderr } = await build(
      ...["--node", "--enforcer", "kube-network-policies"],
    );

    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.match(/^kube-network-policies /m);
    expect(stdout).not.to.match(/^kube-router /m);
    const wanted = [...modules, ...nodeModulesWith("kube-network-policies")];
    expect(go.cached).to.have.members(wanted.map(folderOf));
  });

  it("is built side by side, so that no core waits for the one that compiles a large package", async () => {
    go.set("hang", "etcd");
    const run = beginSandbox(["toolchain"], go.environment);

    await eventually(() => go.builds.some((call) => call.includes("pulumi-resource-kubernetes")));

    await eventually(() => go.hangingProcess !== undefined);
    run.process.kill("SIGTERM");
    await run.end;
  });

  it("says of what has no release from which day its source is", async () => {
    go.set("prints", "4.0.0-20260115033456-f47bc2d6f199");

    const { stdout } = await build();

    expect(stdout).to.match(
      /pulumi-resource-kubernetes +v4\.0\.0-2026\S+ .*, source of 2026-01-15/,
    );
  });

  it("is built by one of two runs at once while the other waits", async () => {
    const ends = await Promise.all([build(), build()]);

    expect(ends.map(({ exitCode }) => exitCode)).to.deep.equal([0, 0]);
    expect(go.builds).to.have.length(programs.length);
  });

  it("leaves no half program and no compiler behind when a build is interrupted", async () => {
    go.set("hang", "kube-apiserver");
    const run = beginSandbox(["toolchain"], go.environment);
    await eventually(() => go.hangingProcess !== undefined);
    const compiler = go.hangingProcess ?? 0;

    run.process.kill("SIGTERM");
    const { signal } = await run.end;

    expect(signal).to.equal("SIGTERM");
    expect(whole(go.cached)).to.equal(true);
    expect(go.cached).not.to.include(folderOf(controlPlaneModule));
    await eventually(() => referenceTo(compiler) === undefined);
  });

  for (const [program, ...options] of [["kube-apiserver"], ["kubelet", "--node"]] as const) {
    it(`is built by the next run when one was killed in the middle of ${program}`, async () => {
      go.set("hang", program);
      const run = beginSandbox(["toolchain", ...options], go.environment);
      const isLock = (name: string) => name.endsWith(".lock");
      // All else is built by then, and its locks are gone.
      await eventually(
        () => go.hangingProcess !== undefined && go.cached.filter(isLock).length === 1,
      );
      run.process.kill("SIGKILL");
      await run.end.finally(() => process.kill(go.hangingProcess ?? 0));
      expect(go.cached.filter(isLock)).to.have.length(1);
      go.mend();

      const { exitCode, stderr } = await build(...options);

      expect(exitCode, stderr).to.equal(0);
      const all = options.length === 0 ? modules : [...modules, ...nodeModules];
      expect(go.cached).to.have.members(all.map(folderOf));
    });
  }

  const faults: readonly (readonly [fault: string, harm: (folder: string) => void])[] = [
    ["where a program is gone from the cache", (folder) => rmSync(join(folder, "kubelet"))],
    ["where a program is empty", (folder) => truncateSync(join(folder, "kubelet"))],
    ["where a program was cut off", (folder) => truncateSync(join(folder, "kubelet"), 9)],
    ["where a program may not run", (folder) => chmodSync(join(folder, "kubelet"), 0o644)],
    ["where the list of programs is empty", (folder) => truncateSync(join(folder, "build.json"))],
    ["where the list was cut off", (folder) => truncateSync(join(folder, "build.json"), 20)],
    ["where the folder is empty", emptyFolder],
  ];
  for (const [fault, harm] of faults) {
    it(`is built again ${fault}, and nothing else is`, async () => {
      const programsOfNode = ["kubelet", "kube-proxy", "kube-scheduler"];
      await build("--node");
      const built = go.builds.length;
      harm(join(go.cache, nodeFolder));

      const { exitCode, stderr } = await build("--node");

      expect(exitCode, stderr).to.equal(0);
      const again = go.builds.slice(built).map((call) => basename(call.split(" ").at(-1) ?? ""));
      expect(again).to.deep.equal(programsOfNode);
      expect(go.cached).to.have.members([...modules, ...nodeModules].map(folderOf));
    });
  }

  it("says in one line that the disk is full when that ends a build", async () => {
    go.set("full", "kubelet");

    const { exitCode, stderr } = await build("--node");

    expect(exitCode).to.equal(1);
    expect(stderr.split("\n").at(-2)).to.equal(
      "error: Building kubelet failed because the disk is full: " +
        "write /cache/b001/_pkg_.a: no space left on device. Make room there and try again.",
    );
    expect(go.cached).not.to.include(nodeFolder);
    expect(go.cached.every((name) => !/building|lock/.test(name))).to.equal(true);
  });

  it("shows the compiler's last lines when a build fails, and keeps nothing of it", async () => {
    go.set("fail", "pulumi");

    const { exitCode, stderr } = await build();

    expect(exitCode).to.equal(1);
    expect(stderr).to.contain("Building pulumi failed:\n  main.go:1: this does not compile");
    expect(whole(go.cached)).to.equal(true);
    expect(go.cached).not.to.include(folderOf(engineModule));
  });

  it("does not keep a program that does not run", async () => {
    go.set("broken", "etcd");

    const { exitCode, stderr } = await build();

    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/error: .*etcd does not run/);
    expect(whole(go.cached)).to.equal(true);
    expect(go.cached).not.to.include(folderOf(controlPlaneModule));
  });

  it("names a missing Go in one line", async () => {
    const { exitCode, stderr } = await runSandbox(["toolchain"], {
      ...go.environment,
      PATH: "/nowhere",
    });

    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/^error: Go is needed .*no `go` on the PATH.*Go 1\.26\S* .*newer\.\n$/);
  });

  it("names a Go that is too old in one line", async () => {
    go.set("version", "go1.20.3\n");

    const { exitCode, stderr } = await build();

    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/^error: Go 1\.26\S* or newer is needed; .* is go1\.20\.3\.\n$/);
    expect(go.builds).to.deep.equal([]);
  });

  it("takes a control plane from KUBEBUILDER_ASSETS when all of it is there", async () => {
    const found = controlPlane.map((name) =>
      go.addProgram(name, "#!/bin/sh\necho Kubernetes v1.30.1\n"),
    );
    const assets = join(found[0] ?? "", "..");

    const { stdout, exitCode } = await runSandbox(["toolchain"], {
      ...go.environment,
      KUBEBUILDER_ASSETS: assets,
    });

    expect(exitCode).to.equal(0);
    found.forEach((path) => expect(stdout).to.match(new RegExp(`v1\\.30\\.1 +found at ${path}`)));
    expect(
      go.builds.map((call) => basename(call.split(" -o ")[1]?.split(" ")[0] ?? "")),
    ).to.have.members(["pulumi", "pulumi-resource-kubernetes"]);
  });

  it("refuses KUBEBUILDER_ASSETS that lack a part, and names it", async () => {
    const etcd = go.addProgram("etcd", "#!/bin/sh\necho etcd Version: 3.5.0\n");
    const assets = join(etcd, "..");

    const { stderr, exitCode } = await runSandbox(["toolchain"], {
      ...go.environment,
      KUBEBUILDER_ASSETS: assets,
    });

    expect(exitCode).to.equal(1);
    expect(stderr).to.contain(`${assets}, which lacks kube-apiserver and kube-controller-manager`);
  });

  it("takes a Pulumi on the PATH only together with its Node.js language host", async () => {
    const pulumi = go.addProgram("pulumi", "#!/bin/sh\necho v3.1.4\n");
    const alone = await build();
    go.addProgram("pulumi-language-nodejs", "#!/bin/sh\n");
    const complete = await build();

    expect(alone.stdout).to.match(/pulumi +v1\.2\.3 +built from/);
    expect(complete.stdout).to.match(new RegExp(`v3\\.1\\.4 +found at ${pulumi}`));
    expect(complete.stdout).not.to.contain("pulumi-resource-kubernetes");
  });

  it("takes a provider for Kubernetes on the PATH, in the version that it says it is", async () => {
    const random = standIns.find(({ executable }) => executable === "pulumi-resource-random");
    const launcher = `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(random?.entry ?? "")} "$@"\n`;
    const path = go.addProgram("pulumi-resource-kubernetes", launcher);

    const { stdout, stderr } = await build();

    expect(stdout, stderr).to.match(
      new RegExp(`pulumi-resource-kubernetes +v4\\.21\\.2 +found at ${path}`),
    );
    expect(go.builds).to.have.length(programs.length - 1);
  });

  it("names a provider for Kubernetes on the PATH that does not run", async () => {
    const path = go.addProgram("pulumi-resource-kubernetes", "#!/bin/sh\nexit 1\n");

    const { exitCode, stderr } = await build();

    expect(exitCode).to.equal(1);
    expect(stderr).to.equal(`error: ${path} does not run: it ended at once\n`);
  });

  it("takes the newest provider for Kubernetes among the plugins of this user", async () => {
    const home = mkdtempSync(join(tmpdir(), "pulumi-home-"));
    ["v4.9.0", "v4.34.2", "v4.30.0"].forEach((version) =>
      mkdirSync(join(home, "plugins", `resource-kubernetes-${version}`), { recursive: true }),
    );

    const { stdout } = await runSandbox(["toolchain"], { ...go.environment, PULUMI_HOME: home });

    rmSync(home, { recursive: true });
    expect(stdout).to.match(
      /pulumi-resource-kubernetes +v4\.34\.2 +found at \S+resource-kubernetes-v4\.34\.2/,
    );
    expect(go.builds).to.have.length(programs.length - 1);
  });
});

const nodeFolder = nodeModules.map(folderOf).find((name) => name.startsWith("node-")) ?? "";

function emptyFolder(folder: string): void {
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
}

function folderOf(module: PinnedModule): string {
  return `${module.name}-${moduleKey(module)}`;
}

/** Whether nothing is left of a build that did not end well. */
function whole(cached: readonly string[]): boolean {
  return cached.every((name) => modules.map(folderOf).includes(name));
}

describe("the day of a version without a release", () => {
  for (const [version, day] of [
    ["v4.0.0-20260115033456-f47bc2d6f199", "2026-01-15"],
    ["v1.2.4-0.20191109021931-daa7c04131f5", "2019-11-09"],
    ["v1.2.3-pre.0.20191109021931-daa7c04131f5", "2019-11-09"],
    ["v4.34.2", undefined],
    ["v4.34.2-alpha.20260115", undefined],
  ] as const) {
    it(`of ${version} is ${day ?? "not known"}`, () => {
      expect(sourceDate(version)).to.equal(day);
    });
  }
});

describe("the key of a pinned module", () => {
  const subject = kubernetesProviderModule;
  let copy: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), "module-"));
    cpSync(subject.directory, copy, { recursive: true });
  });

  afterEach(() => {
    rmSync(copy, { recursive: true });
  });

  it("stays while its files do, wherever they lie", () => {
    expect(moduleKey({ ...subject, directory: copy })).to.equal(moduleKey(subject));
  });

  for (const file of ["go.mod", "go.sum", "main.go"]) {
    it(`changes with ${file}`, () => {
      appendFileSync(join(copy, file), "\n");

      expect(moduleKey({ ...subject, directory: copy })).not.to.equal(moduleKey(subject));
    });
  }
});

describe("a lock", () => {
  let folder: string;
  let lockFile: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
    lockFile = join(folder, "lock");
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("lets one piece of work begin only after the other has ended", async () => {
    const steps: string[] = [];
    const work = (name: string) =>
      withLock(
        lockFile,
        async () => {
          steps.push(`${name} begins`);
          await new Promise(setImmediate);
          steps.push(`${name} ends`);
        },
        { interval: 1 },
      );

    await Promise.all([work("first"), work("second")]);

    expect(steps).to.deep.equal(["first begins", "first ends", "second begins", "second ends"]);
  });

  it("is free again after work that failed", async () => {
    await withLock(lockFile, () => Promise.reject(new Error("failed"))).catch(() => undefined);

    expect(await withLock(lockFile, () => Promise.resolve("done"))).to.equal("done");
  });

  it("is taken over from a process that has ended, even when its number is in use again", async () => {
    const recycled = { pid: process.pid, identity: "of an earlier process", host: hostname() };
    writeFileSync(lockFile, JSON.stringify(recycled));

    expect(await withLock(lockFile, () => Promise.resolve("done"))).to.equal("done");
  });

  it("of another machine is respected", async () => {
    writeFileSync(lockFile, JSON.stringify({ pid: 1, identity: "", host: "elsewhere.example" }));
    const abort = new AbortController();
    const onWait = ({ host }: { host: string }) => abort.abort(new Error(`waits for ${host}`));

    const attempt = withLock(lockFile, () => Promise.resolve("done"), {
      abort: abort.signal,
      onWait,
    });

    const outcome = await attempt.catch((error: Error) => error.message);
    expect(outcome).to.equal("waits for elsewhere.example");
  });
});

describe("the look before a build", () => {
  it("refuses a disk that is too full, and names the folder and both sizes", () => {
    const freeBytes = (folder: string) => (folder === "/full" ? 1.26e9 : 99e9);

    expect(() => checkDisk(["/roomy", "/full"], 7, freeBytes)).to.throw(
      "needs about 7 GB of disk, and /full has 1.3 GB left",
    );
    expect(() => checkDisk(["/roomy"], 7, freeBytes)).not.to.throw();
  });

  const comparisons = [
    ["1.25.9", "1.26.0", true],
    ["1.9", "1.26", true],
    ["1.26", "1.26.0", false],
    ["1.26.8", "1.26.0", false],
    ["2.0.0", "1.26.0", false],
    ["1.26rc1", "1.26.0", false],
  ] as const;
  for (const [version, than, expected] of comparisons) {
    it(`takes Go ${version} ${expected ? "as older than" : "where the module wants"} ${than}`, () => {
      expect(isOlder(version, than)).to.equal(expected);
    });
  }
});

describe("progress without a terminal", () => {
  it("is at most one line every 30 seconds", () => {
    let now = 0;
    const lines: string[] = [];
    const reporter = plainReporter(
      (line) => lines.push(line),
      () => now,
    );
    for (now = 0; now <= 95_000; now += 500) {
      reporter.progress(duration(now));
    }

    expect(lines).to.deep.equal(["30 s", "1 min 00 s", "1 min 30 s"]);
  });
});
