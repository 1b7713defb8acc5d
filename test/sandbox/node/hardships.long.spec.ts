import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { symlinkSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { expect } from "chai";
import {
  ensureToolchain,
  KubernetesApi,
  openSandbox,
  stopSandbox,
} from "secure-environment-sandbox";
import { readRecord } from "secure-environment-sandbox/bin/state.js";
import { toolsOf } from "secure-environment-sandbox/bin/toolchain.js";

import { eventually } from "../../support/eventually";
import { create, probePod } from "../../support/probePods";
import { newStateDirectory } from "../../support/sandbox";
import { skipWithoutNode } from "../../support/skipWithoutNode";
import {
  beginSandbox,
  type CommandEnd,
  runSandbox,
  sandboxCommand,
} from "../support/sandboxCommand";
import { controlGroups, traces } from "./support/machine";
import { onOtherMachine } from "./support/otherMachine";

const firstStart = 30 * 60_000;

describe("a sandbox with a node, in hard times", function () {
  this.timeout(300_000);
  let stateDirectory: string;
  let folder: string;

  before(async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    await ensureToolchain(undefined, { node: true });
  });

  beforeEach(() => {
    stateDirectory = newStateDirectory();
    folder = mkdtempSync(join(tmpdir(), "hard-times-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const small = 'mount -t tmpfs -o size=480M tmpfs "$FOLDER"';
  const fill = 'dd if=/dev/zero of="$FOLDER/fill" bs=1M >/dev/null 2>&1 || true';

  for (const part of ["etcd", "kube-apiserver", "node-1-containerd", "node-1-kubelet"]) {
    it(`says that the disk is full when it fills up after ${part} was started`, async () => {
      const state = join(folder, "state");
      const started = `until grep -q '"${part}"' "${state}/sandbox.json"; do sleep 0.02; done`;
      const whenStarted = `( ${started}; ${fill} ) >/dev/null 2>&1 &`;
      const untouched = traces(stateDirectory);
      const run = beginSandbox(
        ["up", "--node", "--state", state],
        { FOLDER: folder },
        onOtherMachine(`${small}\n${whenStarted}`),
      );
      const seen = join(`/proc/${run.process.pid}/root`, state);
      await eventually(() => readRecord(seen)?.cgroup !== undefined);
      const group = readRecord(seen)?.cgroup ?? "";

      const { exitCode, stderr } = await run.end;

      expect(stderr).to.match(
        /^(Starting .*\n)*error: The disk is full: \S+ has \d+ MB left\. .*\n$/,
      );
      expect(exitCode).to.equal(1);
      expect(controlGroups(group)).to.deep.equal([]);
      expect(traces(stateDirectory)).to.deep.equal(untouched);
    });
  }

  it("is ended by `down` when the disk has filled up since", async () => {
    const state = join(folder, "state");
    const [up, down] = [["up", "--node"], ["down"]].map((command) =>
      sandboxCommand([...command, "--state", state])
        .map((word) => `'${word}'`)
        .join(" "),
    );
    const untouched = traces(state);
    const script = `${small}\n${up}\n${fill}\ndf "$FOLDER"\n${down}\nls "$FOLDER"`;

    const { exitCode, stdout, stderr } = await runSandbox(
      ["status", "--state", state],
      { FOLDER: folder },
      onOtherMachine(script),
    );

    expect(stdout).to.match(/100% \S+hard-times-\S+\nfill\n$/);
    expect(stderr).to.match(/error: There is no sandbox in/);
    expect(exitCode).to.equal(1);
    expect(traces(state)).to.deep.equal(untouched);
  });

  for (const [program, ...options] of [["etcd"], ["kubelet", "--node"], ["coredns", "--node"]]) {
    it(`names ${program} when it is not what was built any more`, async () => {
      const damaged = await pathInOwnCache(program ?? "");
      const { size } = statSync(damaged);
      truncateSync(damaged);
      truncateSync(damaged, size);
      const untouched = traces(stateDirectory);

      const { exitCode, stderr } = await runSandbox(["up", ...options, "--state", stateDirectory], {
        XDG_CACHE_HOME: folder,
      });

      expect(stderr.split("\n").at(-2)).to.equal(
        `error: ${damaged} is damaged: it ran when it was built, and does not any more. ` +
          `Delete the folder ${dirname(damaged)} and try again: it is built once more.`,
      );
      expect(exitCode).to.equal(1);
      expect(existsSync(stateDirectory)).to.equal(false);
      expect(traces(stateDirectory)).to.deep.equal(untouched);
    });
  }

  /** Lays out a cache in which one folder of programs is a copy, and gives a program's path in there. */
  async function pathInOwnCache(program: string): Promise<string> {
    const tools = toolsOf(await ensureToolchain(undefined, { node: true }));
    const found = tools.find(({ name }) => name === program)?.path ?? "";
    const cache = join(folder, "secure-environment-sandbox");
    mkdirSync(cache);
    for (const source of new Set(tools.map(({ path }) => dirname(path)))) {
      const target = join(cache, basename(source));
      if (source === dirname(found)) {
        cpSync(source, target, { recursive: true });
      } else {
        symlinkSync(source, target);
      }
    }
    return join(cache, basename(dirname(found)), program);
  }
});

describe("two sandboxes with a node at the same time", function () {
  this.timeout(180_000);
  let untouched: ReturnType<typeof traces>;
  let crowded: string;
  let beside: string;
  let ends: readonly CommandEnd[];

  /** Takes all addresses and ports that a node and its control plane have. */
  const takeAll = `
mount -t tmpfs tmpfs /run
mkdir /run/containerd
ip address add 10.201.0.1/32 dev lo
for range in 10.200.0.0/24 10.201.0.0/24 10.244.0.0/16 10.96.0.0/16; do ip route add $range dev lo; done
"$NODE" -e '
  const { createServer } = require("node:net");
  const places = [2379, 2380, 6443, 10248, 10249, 10250, 10256, 10257, 10259, 20244, 53];
  for (const place of [...places, "/run/containerd/containerd.sock"]) createServer().listen(place);
' &
sleep 0.5
trap "kill $!" EXIT
`;

  before("start both", async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    await ensureToolchain(undefined, { node: true });
    [crowded, beside] = [newStateDirectory(), newStateDirectory()];
    untouched = traces(crowded);
    const proxies = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy"];
    const proxy = "http://192.0.2.77:3128";
    ends = await Promise.all([
      runSandbox(
        ["up", "--node", "--state", crowded],
        { NODE: process.execPath },
        // The command is not the last that this shell does: it ends what takes the ports.
        onOtherMachine(`${takeAll}"$@"\nexit`),
      ),
      runSandbox(
        ["up", "--node", "--state", beside],
        Object.fromEntries(proxies.map((name) => [name, proxy])),
      ),
    ]);
  });

  after(async () => {
    await Promise.all([crowded, beside].filter(Boolean).map(stopSandbox));
  });

  it("both start, where ports and addresses are taken and where a proxy is set", () => {
    const said = ends.map(({ stderr }) => stderr).join("\n");
    expect(
      ends.map(({ exitCode }) => exitCode),
      said,
    ).to.deep.equal([0, 0]);
    expect(said).not.to.contain("error");
  });

  it("both run, each in its own control group", async () => {
    const states = [crowded, beside];
    const status = (state: string) => runSandbox(["status", "--state", state]);
    const groups = states.map((state) => readRecord(state)?.cgroup ?? "");

    const codes = (await Promise.all(states.map(status))).map(({ exitCode }) => exitCode);
    expect(codes).to.deep.equal([0, 0]);
    expect(new Set(groups)).to.have.property("size", 2);
    groups.forEach((group) => expect(controlGroups(group)).not.to.deep.equal([]));
  });

  it("one ends, and in the other pods start as before", async () => {
    const group = readRecord(crowded)?.cgroup ?? "";
    await stopSandbox(crowded);
    const sandbox = await openSandbox(beside);
    const admin = new KubernetesApi(sandbox.kubeconfig);
    const version = sandbox.tools.find(({ name }) => name === "probe")?.version ?? "";
    const pods = "/api/v1/namespaces/default/pods";
    await create(admin, pods, probePod("late", `sandbox/probe:${version}`, ["tcp:8080"]));
    const phase = async () => (await admin.request("GET", `${pods}/late`)).body.status.phase;
    await eventually(async () => (await phase()) === "Running");
    admin.close();

    expect(controlGroups(group)).to.deep.equal([]);
    expect(traces(crowded)).to.deep.equal(untouched);
  });
});
