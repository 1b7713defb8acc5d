import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import type { Sandbox } from "secure-environment-sandbox";
import { exportLines, quote } from "secure-environment-sandbox/bin/shell.js";

import { eventually } from "../support/eventually";
import { sharedSandbox } from "../support/sandbox";
import { beginSandbox, runSandbox } from "./support/sandboxCommand";

const firstStart = 30 * 60_000;

describe("the sandbox command", function () {
  this.timeout(180_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sandbox-cli-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const misuses: readonly (readonly string[])[] = [
    ["begin"],
    ["user"],
    ["exec"],
    ["up", "--fast"],
    ["down", "more"],
    [],
  ];
  for (const misuse of misuses) {
    it(`ends with 2 and says how it is used when called as \`sandbox ${misuse.join(" ")}\``, async () => {
      const { exitCode, stderr } = await runSandbox(misuse);

      expect(exitCode).to.equal(2);
      expect(stderr)
        .to.match(/^(error: |Usage: )/)
        .and.not.contain("    at ");
    });
  }

  it("explains itself and ends with 0 when asked for help", async () => {
    const { exitCode, stdout } = await runSandbox(["--help"]);

    expect(exitCode).to.equal(0);
    ["up", "down", "status", "env", "exec", "image", "user", "toolchain"].forEach((name) =>
      expect(stdout).to.match(new RegExp(`^ {2}${name}\\b`, "m")),
    );
  });

  for (const command of ["status", "env", "exec -- true", "user ann", "image . web:v1"]) {
    it(`says in one line that there is no sandbox to \`${command}\``, async () => {
      const { exitCode, stderr } = await runSandbox(["--state", folder, ...command.split(" ")]);

      expect(exitCode).to.equal(1);
      expect(stderr)
        .to.match(/^error: There is no sandbox in .*\n$/)
        .and.contain(folder);
    });
  }

  it("finds nothing wrong with taking down what is not there", async () => {
    expect((await runSandbox(["down", "--state", join(folder, "none")])).exitCode).to.equal(0);
  });

  for (const record of [undefined, "{}", "not JSON", '{"kind":"something else"}']) {
    it(`neither removes nor uses a folder of others (its sandbox.json: ${record})`, async () => {
      writeFileSync(join(folder, "precious"), "");
      if (record !== undefined) {
        writeFileSync(join(folder, "sandbox.json"), record);
      }
      const before = readdirSync(folder);

      const down = await runSandbox(["down", "--state", folder]);
      const up = await runSandbox(["up", "--state", folder]);

      expect([down.exitCode, up.exitCode]).to.deep.equal([1, 1]);
      expect(down.stderr).to.contain(`There is no sandbox in ${folder}`);
      expect(up.stderr).to.contain(`The folder ${folder} holds something else than a sandbox`);
      expect(readdirSync(folder)).to.deep.equal(before);
    });
  }

  it("takes its folder from the environment where no option names it", async () => {
    const { stderr } = await runSandbox(["status"], { SANDBOX_STATE: join(folder, "named") });

    expect(stderr).to.contain(join(folder, "named"));
  });
});

describe("the sandbox command with a sandbox that runs", function () {
  this.timeout(180_000);
  let sandbox: Sandbox;

  before(async function () {
    this.timeout(firstStart);
    sandbox = await sharedSandbox();
  });

  function run(...commandArguments: string[]) {
    return runSandbox(["--state", sandbox.stateDirectory, ...commandArguments]);
  }

  it("prints an environment that a shell can take over", async () => {
    const { stdout } = await run("env");
    const show = 'echo "$KUBECONFIG"; echo "$PULUMI_BACKEND_URL"; command -v pulumi';

    const seen = execFileSync("sh", ["-c", `${stdout}\n${show}`], { encoding: "utf8" });

    const [kubeconfig, backend, pulumi] = seen.trimEnd().split("\n");
    expect(kubeconfig).to.equal(sandbox.kubeconfig);
    expect(backend).to.equal(sandbox.environment.PULUMI_BACKEND_URL);
    const { path } = JSON.parse(
      (await run("exec", "--", "node", "-p", "JSON.stringify({path: process.env.PATH})")).stdout,
    ) as { path: string };
    expect(path.split(":").map((entry) => join(entry, "pulumi"))).to.include(pulumi);
  });

  it("runs commands with arguments as they stand, and ends with their exit code", async () => {
    const awkward = ["a b", "$HOME", "--json", "'\"", ""];
    const script = 'for word; do printf "%s|" "$word"; done; exit 7';

    const { exitCode, stdout } = await run("exec", "--", "sh", "-c", script, "sh", ...awkward);

    expect(exitCode).to.equal(7);
    expect(stdout).to.equal(awkward.map((word) => `${word}|`).join(""));
  });

  it("runs the engine with a backend and a home of its own", async () => {
    const { exitCode, stdout } = await run("exec", "--", "pulumi", "whoami", "--verbose");

    expect(exitCode).to.equal(0);
    expect(stdout).to.contain(sandbox.environment.PULUMI_BACKEND_URL);
  });

  it("passes signals on to the command and ends as that does", async () => {
    const script = 'trap "echo got it; exit 5" TERM; echo ready; while :; do sleep 0.05; done';
    const state = ["--state", sandbox.stateDirectory];
    const { process: child, end } = beginSandbox([...state, "exec", "--", "sh", "-c", script]);
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await eventually(() => output.includes("ready"));

    child.kill("SIGTERM");

    const { exitCode, stdout } = await end;
    expect(exitCode).to.equal(5);
    expect(stdout).to.equal("ready\ngot it\n");
  });

  it("ends with 128 and the signal's number when a signal ended the command", async () => {
    expect((await run("exec", "--", "sh", "-c", "kill -9 $$")).exitCode).to.equal(137);
  });

  it("says in one line that a command does not exist", async () => {
    const { exitCode, stderr } = await run("exec", "--", "no-such-command");

    expect(exitCode).to.equal(1);
    expect(stderr).to.equal("error: There is no command no-such-command on the PATH.\n");
  });

  it("prints the path of a new user's kubeconfig and nothing else", async () => {
    const { stdout } = await run("user", "ann", "--group", "dev-users", "--group", "testers");

    expect(stdout.endsWith("\n")).to.equal(true);
    expect(existsSync(stdout.trimEnd())).to.equal(true);
  });

  it("refuses a user without a name", async () => {
    const { exitCode, stderr } = await run("user", "");

    expect(exitCode).to.equal(1);
    expect(stderr).to.contain("The name of a user or a group is empty");
  });

  it("tells programs what runs, and where every program came from", async () => {
    const { exitCode, stdout } = await run("status", "--json");

    const status = JSON.parse(stdout) as { running: boolean; tools: unknown; kubeconfig: string };
    expect(exitCode).to.equal(0);
    expect(status.running).to.equal(true);
    expect(status.kubeconfig).to.equal(sandbox.kubeconfig);
    expect(status.tools).to.deep.equal(sandbox.tools);
  });

  it("never takes what a sandbox laid out for something that is installed", async () => {
    const { stdout } = await run("exec", "--", process.execPath, "-e", inspectPath);

    expect(JSON.parse(stdout)).to.deep.equal({ seenByShell: true, seenBySandbox: false });
  });
});

describe("quoting for the shell", () => {
  const words = ["", "plain", "two words", "it's", "$HOME `id` \\", '"', "a\nb", "*", "~", "ü"];
  for (const word of words) {
    it(`keeps ${JSON.stringify(word)} as it stands`, () => {
      const { stdout } = spawnSync("sh", ["-c", `printf %s ${quote(word)}`], { encoding: "utf8" });

      expect(stdout).to.equal(word);
    });
  }

  it("puts a folder in front of the search path that the shell has", () => {
    const lines = exportLines("/it's/first", { PATH: "ignored", NAME: "a b" });

    const { stdout } = spawnSync("/bin/sh", ["-c", `${lines}\necho "$PATH $NAME"`], {
      encoding: "utf8",
      env: { PATH: "/then:/others" },
    });

    expect(stdout).to.equal("/it's/first:/then:/others a b\n");
  });
});

const inspectPath = `
const { rmSync, writeFileSync } = require("node:fs");
const { findOnPath } = require(${JSON.stringify(require.resolve("secure-environment-sandbox/bin/executables.js"))});
const name = "pulumi-resource-sandbox-test";
const folder = process.env.PATH.split(":")[0];
writeFileSync(folder + "/" + name, "#!/bin/sh\\n", { mode: 0o755 });
const seenByShell = require("node:child_process").spawnSync(name).status === 0;
const seenBySandbox = findOnPath(name) !== undefined;
rmSync(folder + "/" + name);
console.log(JSON.stringify({ seenByShell, seenBySandbox }));
`;
