import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";
import { freeBytes, requireRoom, roomFor } from "secure-environment-sandbox/bin/disk.js";
import {
  hierarchies,
  missingControllers,
} from "secure-environment-sandbox/bin/node/controllers.js";

import { newStateDirectory } from "../../support/sandbox";
import { skipWithoutNode } from "../../support/skipWithoutNode";
import { runSandbox } from "../support/sandboxCommand";
import { controlGroups, traces } from "./support/machine";
import { onOtherMachine } from "./support/otherMachine";

describe("a machine that cannot run a node", function () {
  this.timeout(60_000);
  let stateDirectory: string;
  let folder: string;

  before(function () {
    return skipWithoutNode(this);
  });

  beforeEach(() => {
    stateDirectory = newStateDirectory();
    folder = mkdtempSync(join(tmpdir(), "other-machine-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const groups = "/sys/fs/cgroup";
  const machines: readonly (readonly [what: string, script: string, said: RegExp])[] = [
    [
      "without control groups for memory",
      `umount ${groups}/memory`,
      /^error: A node needs control groups for memory, which are not mounted .*without --node\.\n$/,
    ],
    [
      "with control groups of version 2 that bound nothing",
      `umount --recursive ${groups}; mount -t cgroup2 none ${groups}`,
      /^error: A node needs control groups for cpu, cpuset, memory, which are not mounted .*\n$/,
    ],
    [
      "with control groups that only its host may change",
      `mount -o remount,bind,ro ${groups}/memory`,
      /^error: A node needs to make control groups, and \/sys\/fs\/cgroup\/memory cannot be .*\n$/,
    ],
    [
      "without any control groups",
      `umount --recursive ${groups}`,
      /^error: A node needs control groups for cpu, cpuset, memory, cpuacct, which are not .*\n$/,
    ],
    [
      "with a disk that is too full",
      'mount -t tmpfs -o size=300M tmpfs "$FOLDER"',
      /^error: A sandbox needs 450 MB of disk, and \S+ has 31\d MB left\. Make room .*--state\.\n$/,
    ],
    [
      "with a disk that takes not even the first file",
      'mount -t tmpfs -o nr_inodes=2 tmpfs "$FOLDER"',
      /^error: ENOSPC: no space left on device, open \S+sandbox\.json'\n$/,
    ],
  ];
  for (const [what, script, said] of machines) {
    it(`is told apart in one line: one ${what}`, async () => {
      const untouched = traces(stateDirectory);
      const state = script.includes("$FOLDER") ? join(folder, "state") : stateDirectory;
      const environment = { FOLDER: folder };

      const up = ["up", "--node", "--state", state];
      const { exitCode, stderr } = await runSandbox(up, environment, onOtherMachine(script));

      expect(stderr).to.match(said);
      expect(exitCode).to.equal(1);
      expect(existsSync(state)).to.equal(false);
      expect(traces(stateDirectory)).to.deep.equal(untouched);
    });
  }

  it("with version 2 of control groups has all processes found and ended all the same", async () => {
    const script = `umount --recursive ${groups}; mount -t cgroup2 none ${groups}`;
    const name = `secure-environment-sandbox-test-${process.pid}`;
    const program = `
      const { createCgroup, removeCgroup } = require(process.argv[1]);
      const { spawn } = require("node:child_process");
      const { joinFile } = createCgroup(process.argv[2]);
      const join = 'echo $$ >"$0"; echo joined; sleep 600 & wait';
      const child = spawn("sh", ["-c", join, joinFile]);
      child.stdout.once("data", () => removeCgroup(process.argv[2]));
      child.once("exit", (code, signal) => console.log(joinFile, signal));
    `;
    const cgroup = require.resolve("secure-environment-sandbox/bin/node/cgroup.js");
    const node = [process.execPath, "-e", program, cgroup, name];
    const [command = "", ...rest] = [...onOtherMachine(script), ...node];

    const { stdout } = await promisify(execFile)(command, rest);

    expect(stdout).to.equal(`${groups}/${name}/parts/cgroup.procs SIGKILL\n`);
    expect(controlGroups(name)).to.deep.equal([]);
  });

  for (const [program, whenAsked, missing] of [
    ["ipset", "*", "sets of addresses"],
    ["ip", "*veth*", "veth devices"],
    ["iptables", "*conntrack*", "iptables' conntrack match"],
    ["iptables", "*addrtype*", "iptables' addrtype match"],
    ["mount", "*overlay*", "overlay file systems"],
  ] as const) {
    it(`is told apart in one line: one without ${missing}`, async () => {
      const untouched = traces(stateDirectory);
      const refuse = `case "$*" in ${whenAsked}) echo "Operation not supported" >&2; exit 1;; esac`;
      const pass = `PATH=\${PATH#*:} exec ${program} "$@"`;
      writeFileSync(join(folder, program), `#!/bin/sh\n${refuse}\n${pass}\n`, { mode: 0o755 });
      const environment = { PATH: `${folder}:${process.env.PATH}:/usr/sbin:/sbin` };

      const { exitCode, stderr } = await runSandbox(
        ["up", "--node", "--state", stateDirectory],
        environment,
      );

      expect(stderr).to.equal(
        `error: A node needs what this machine's kernel does not have: ${missing}. ` +
          "Load the modules that bring it, or run the same command without --node.\n",
      );
      expect(exitCode).to.equal(1);
      expect(existsSync(stateDirectory)).to.equal(false);
      expect(traces(stateDirectory)).to.deep.equal(untouched);
    });
  }
});

describe("the control groups of a machine", () => {
  const version1 = ["cpu", "cpuacct", "cpuset", "memory", "pids"].map(
    (name) => `cgroup /sys/fs/cgroup/${name} cgroup rw,relatime,${name} 0 0`,
  );

  it("bound what the hierarchies of version 1 do, each for itself or some together", () => {
    const joined = version1.slice(2).concat("cgroup /sys/fs/cgroup/a cgroup rw,cpu,cpuacct 0 0");

    expect(missingControllers(hierarchies(version1.join("\n")))).to.deep.equal([]);
    expect(missingControllers(hierarchies(joined.join("\n")))).to.deep.equal([]);
    expect(missingControllers(hierarchies(version1.slice(1).join("\n")))).to.deep.equal(["cpu"]);
  });

  it("bound what version 2 does where it is mounted for all", () => {
    const unified = {
      folder: "/sys/fs/cgroup",
      version: 2 as const,
      controllers: ["cpuset", "cpu", "io", "memory", "pids"],
    };
    const beside = { ...unified, folder: "/sys/fs/cgroup/unified" };

    expect(missingControllers([unified])).to.deep.equal([]);
    expect(missingControllers([{ ...unified, controllers: ["cpu"] }])).to.deep.equal([
      "cpuset",
      "memory",
    ]);
    expect(missingControllers([beside])).to.include("memory");
  });
});

describe("the room for a sandbox", () => {
  it("is more with each node", () => {
    expect([0, 1, 2].map(roomFor)).to.deep.equal([200, 450, 700]);
  });

  it("is looked for before anything is written", () => {
    expect(() => requireRoom("/full", 200, () => 199.9e6)).to.throw(
      "A sandbox needs 200 MB of disk, and /full has 199 MB left. Make room there",
    );
    expect(() => requireRoom("/roomy", 200, () => 200e6)).not.to.throw();
    expect(freeBytes("/no/such/folder")).to.equal(freeBytes("/"));
  });
});
