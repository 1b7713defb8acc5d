import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { expect } from "chai";
import { providerOptions } from "secure-environment/core";
import { type CommandResult, runCommand } from "../support/command";
import { eventually } from "../support/eventually";

const repository = resolve(__dirname, "../../..");
const variables = providerOptions.flatMap(({ variable, harmless }) =>
  variable === undefined ? [] : [{ variable, harmless }],
);
const credentials = "apiVersion: v1\nusers: [{ user: { token: hunter2 } }]";

/** The scripts that work on the cluster, which refuse before `pulumi` runs. */
const scripts = [["up.sh"], ["destroy.sh", "review-x"]];

describe("the scripts that work on the cluster", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-scripts-"));
  const kubeconfig = join(folder, "kubeconfig");

  before(() => writeFileSync(kubeconfig, ""));
  after(() => rmSync(folder, { recursive: true }));

  for (const script of scripts) {
    for (const { variable } of variables) {
      it(`refuse ${variable}: ${script[0]}`, async () => {
        const { exitCode, output } = await run(script, { [variable]: "hunter2" });
        expect(exitCode, output).to.equal(2);
        expect(output).to.equal(
          `error: ${variable} lets \`pulumi\` take over, overwrite or forget what is on the cluster. Unset it.\n`,
        );
      });
    }

    for (const content of [credentials, '{"users":[{"user":{"token":"hunter2"}}]}', "/nowhere"]) {
      it(`refuse the KUBECONFIG ${JSON.stringify(content)}, and show nothing of it: ${script[0]}`, async () => {
        const { exitCode, output } = await run(script, { KUBECONFIG: content });
        expect(exitCode, output).to.equal(2);
        expect(output).to.match(/^error: KUBECONFIG names no file\. .*of the type File\.\n$/);
      });
    }
  }

  it("show nothing of content with the path of a file in it", async () => {
    const content = `a: hunter2\nb:${kubeconfig}:c`;
    const { exitCode, output } = await run(["guard.sh"], { KUBECONFIG: content });
    expect(exitCode, output).to.equal(2);
    expect(output).not.to.contain("hunter2");
  });

  it("tell all of it at once", async () => {
    const all = variables.map(({ variable }) => [variable, "1"]);
    const { exitCode, output } = await run(["guard.sh"], {
      ...(Object.fromEntries(all) as Record<string, string>),
      KUBECONFIG: "/nowhere",
    });
    expect(exitCode).to.equal(2);
    expect(output.match(/^error: /gm)).to.have.length(variables.length + 1);
  });

  it("have nothing against what asks for nothing, nor against several files", async () => {
    for (const index of [0, -1]) {
      const harmless = variables.map(({ variable, harmless: values }) => [
        variable,
        values.at(index)!,
      ]);
      const { exitCode, output } = await run(["guard.sh"], {
        ...(Object.fromEntries(harmless) as Record<string, string>),
        KUBECONFIG: `/nowhere:${kubeconfig}`,
      });
      expect(exitCode, output).to.equal(0);
    }
  });

  it("destroy by whole paths only, as they leave the folder", async () => {
    const { exitCode, output } = await run(["destroy.sh", "review-x"], {
      KUBECONFIG: "ci/preview.kubeconfig",
    });
    expect(exitCode, output).to.equal(2);
    expect(output).to.contain("Give it whole paths");
  });

  function run(script: readonly string[], given: Readonly<Record<string, string>>) {
    return runScript(script, { KUBECONFIG: kubeconfig, ...given });
  }
});

describe("a branch that the settings reserve", function () {
  this.timeout(60_000);
  const checkout = mkdtempSync(join(tmpdir(), "secure-environment-reserved-"));
  const message =
    'error: The branch "develop" gets no environment: develop is reserved. Use another branch.\n';

  before(() => {
    symlinkSync(join(repository, "node_modules"), join(checkout, "node_modules"));
    const settings = 'config:\n  review:reservedNames: ["develop"]\n';
    writeFileSync(join(checkout, "Pulumi.ci.yaml"), settings);
    writeFileSync(join(checkout, "kubeconfig"), "");
  });
  after(() => rmSync(checkout, { recursive: true }));

  for (const script of ["up.sh", "preview.sh"]) {
    it(`gets no environment, and ${script} says so and is green`, async () => {
      const { exitCode, output } = await runIn(checkout, script);
      expect({ exitCode, output }).to.deep.equal({ exitCode: 0, output: message });
    });
  }

  it("still has the name of what it had before", async () => {
    const { exitCode, output } = await runIn(checkout, "stack-name.sh");
    expect({ exitCode, output }).to.deep.equal({ exitCode: 0, output: "review-develop\n" });
  });

  it("is red where the settings cannot be read", async () => {
    const { exitCode, output } = await runIn(checkout, "stack-name.sh", "nowhere.yaml");
    expect(exitCode).to.equal(2);
    expect(output).to.contain("nowhere.yaml cannot be read");
  });

  function runIn(cwd: string, ...[script, ...args]: readonly string[]) {
    const given = { BRANCH: "develop", KUBECONFIG: join(cwd, "kubeconfig") };
    const needed = { BASE: repository, PULUMI_BACKEND_URL: "file:///nowhere" };
    return runCommand("sh", [join(repository, "ci", script!), ...args], {
      cwd,
      env: { PATH: process.env.PATH, ...needed, ...given },
    });
  }
});

describe("the script that names the project", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-project-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const content of ["name: shop", 'name: "shop" # ours', "runtime: nodejs\nname: 'shop'\r"]) {
    it(`reads ${JSON.stringify(content)}`, async () => {
      const { exitCode, output } = await projectOf(content);
      expect({ exitCode, output }).to.deep.equal({ exitCode: 0, output: "shop\n" });
    });
  }

  const unclear = [
    "",
    " name: shop",
    "name: shop\nname: blog",
    "name: {a: b}",
    'name: "shop',
    "name:",
  ];
  for (const content of unclear) {
    it(`guesses nothing of ${JSON.stringify(content)}`, async () => {
      const { exitCode, output } = await projectOf(content);
      expect(exitCode, output).to.equal(2);
      expect(output).to.contain("does not say the project");
    });
  }

  it("fails where there is no project", async () => {
    rmSync(join(folder, "Pulumi.yaml"), { force: true });
    expect((await runScript(["project-name.sh", folder])).exitCode).to.equal(2);
  });

  function projectOf(content: string) {
    writeFileSync(join(folder, "Pulumi.yaml"), `${content}\n`);
    return runScript(["project-name.sh", folder]);
  }
});

describe("the scripts that run `pulumi` for a stack", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-pulumi-"));
  const programs = join(folder, "bin");
  const kubeconfig = join(folder, "kubeconfig");
  const started = join(folder, "started");
  const fullName = "organization/review/review-x";

  before(() => {
    mkdirSync(programs);
    writeFileSync(kubeconfig, "");
    writeProgram("npx", "echo review-x");
    writeProgram("git", "exit 0");
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [script, stack] of [
    [["destroy.sh", "review-x"], fullName],
    [["up.sh"], "review-x"],
  ] as const) {
    it(`say what holds a deletion after a failure, and end as \`pulumi\` did: ${script[0]}`, async () => {
      pulumiEndsWith(255);
      const asking = baseWith('echo "asked: $*"; [ "$1" != doctor ]');
      const { exitCode, stdout, output } = await run(script, asking);
      expect(exitCode, output).to.equal(255);
      expect(stdout.split("\n").slice(-2)).to.deep.equal([`asked: doctor --stack ${stack}`, ""]);
    });
  }

  it("say of what the policy pack is cancelled with that it is innocent, where there is a pack", async () => {
    pulumiEndsWith(255);
    const innocent = /"context canceled", the resource is innocent: another one failed first/;
    expect((await run(["up.sh"], baseWith("exit 0"))).stderr).to.match(innocent);
    expect((await run(["destroy.sh", "review-x"], baseWith("exit 0"))).stderr).not.to.match(
      innocent,
    );
    pulumiEndsWith(0);
    expect((await run(["up.sh"], baseWith("exit 0"))).stderr).not.to.match(innocent);
  });

  for (const [code, of] of [
    [0, "a success"],
    [6, "a stack that is not there"],
  ] as const) {
    it(`ask nothing after ${of}`, async () => {
      pulumiEndsWith(code);
      const base = baseWith('echo "asked: $*"');
      const { exitCode, output } = await run(["destroy.sh", "review-x"], base);
      expect(exitCode, output).to.equal(0);
      expect(output).not.to.contain("asked: doctor");
    });
  }

  for (const [answer, code] of [
    [6, 0],
    [10, 10],
    [1, 1],
    [2, 2],
  ] as const) {
    it(`destroy nothing, and end with ${code}, when the look before ends with ${answer}`, async () => {
      pulumiEndsWith(0);
      const base = baseWith(`echo "asked: $*"; exit ${answer}`);
      const { exitCode, output } = await run(["destroy.sh", "review-x"], base);
      expect(exitCode, output).to.equal(code);
      expect(output).to.equal(`asked: look ${fullName} --program ${base}\n`);
    });
  }

  it("destroy nothing that stays, however its branch is called", async () => {
    pulumiEndsWith(0);
    const base = baseWith("exit 0");
    rmSync(join(base, "ci"));
    cpSync(join(repository, "ci"), join(base, "ci"), { recursive: true });
    writeFileSync(join(base, "ci", "permanent-stacks"), `# staging\n${fullName}\n`);
    const { exitCode, output } = await run(["destroy.sh", "review-x"], base);
    expect(exitCode, output).to.equal(10);
    expect(output).to.contain(`${fullName} is one of ci/permanent-stacks, which stay`);
    expect(output).not.to.contain("pulumi destroy");
  });

  it("destroy what the look before has nothing against", async () => {
    pulumiEndsWith(0);
    const { exitCode, stdout } = await run(["destroy.sh", "review-x"], baseWith("exit 0"));
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(new RegExp(`^pulumi destroy --stack ${fullName} --yes `));
  });

  for (const script of [["up.sh"], ["destroy.sh", "review-x"]]) {
    for (const [whom, sign] of [
      ["the script", 1],
      ["all of its processes", -1],
    ] as const) {
      it(`hand a signal to ${whom} on once, so that \`pulumi\` ends in good order: ${script[0]}`, async () => {
        rmSync(started, { force: true });
        writeProgram(
          "pulumi",
          `case $1 in stack) exit 0 ;; esac\nexec node -e '${countingSignals}' ${started}`,
        );
        const signalled = (processId: number) =>
          eventually(() => existsSync(started)).then(() =>
            process.kill(sign * processId, "SIGTERM"),
          );
        const { exitCode, stdout, output } = await run(
          script,
          baseWith('[ "$1" = look ] || echo asked'),
          signalled,
        );
        expect(exitCode, output).to.equal(8);
        expect(stdout).to.equal("signals: 1\nasked\n");
      });
    }
  }

  /** As `pulumi` does, it goes on for a moment after the first signal. */
  const countingSignals = `
    let signals = 0;
    const end = () => { console.log("signals: " + signals); process.exit(8); };
    process.on("SIGTERM", () => signals++ || setTimeout(end, 500));
    setTimeout(end, 20_000);
    require("node:fs").writeFileSync(process.argv[1], "");
  `;

  function pulumiEndsWith(code: number): void {
    writeProgram("pulumi", `case $1 in stack) exit 0 ;; esac\necho "pulumi $*"\nexit ${code}`);
  }

  /** A folder with the default branch, in which the command does this. */
  function baseWith(review: string): string {
    const base = mkdtempSync(join(folder, "base-"));
    symlinkSync(join(repository, "ci"), join(base, "ci"));
    symlinkSync(join(repository, "Pulumi.yaml"), join(base, "Pulumi.yaml"));
    const installed = join(base, "node_modules", ".bin");
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, "review"), `#!/bin/sh\n${review}\n`, { mode: 0o755 });
    return base;
  }

  function writeProgram(name: string, lines: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  }

  /** In a process group of its own, as a job is. */
  function run(
    script: readonly string[],
    base: string,
    onStart: (processId: number) => unknown = () => undefined,
  ): Promise<CommandResult> {
    const given = { KUBECONFIG: kubeconfig, BASE: base, PATH: pathWithPrograms() };
    const [name = "", ...args] = script;
    return runCommand("setsid", ["sh", `ci/${name}`, ...args], {
      cwd: repository,
      env: { BRANCH: "x", PULUMI_BACKEND_URL: "file:///nowhere", ...given },
      onStart: (processId) => void onStart(processId),
    });
  }

  function pathWithPrograms(): string {
    return [programs, process.env.PATH].join(delimiter);
  }
});

function runScript(
  [script = "", ...args]: readonly string[],
  given: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const needed = { BASE: repository, BRANCH: "x", PULUMI_BACKEND_URL: "file:///nowhere" };
  return runCommand("sh", [`ci/${script}`, ...args], {
    cwd: repository,
    env: { PATH: process.env.PATH, ...needed, ...given },
  });
}
