import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { expect } from "chai";
import { type PulumiEnd, runPulumi } from "#review/engine/pulumiProcess";
import { runCommand } from "../../support/command";
import { eventually } from "../../support/eventually";

const room = resolve(__dirname, "../../../../review/bin/engine/pulumiProcess.js");

/** As `pulumi` does, it goes on for a moment after the first signal. */
const countingSignals = `
  let signals = 0;
  const end = () => { console.log("signals: " + signals); process.exit(255); };
  process.on("SIGTERM", () => signals++ || setTimeout(end, 500));
  setTimeout(end, 20_000);
  require("node:fs").writeFileSync(process.argv[2], "");
`;

const running = `
  const { runPulumi } = require(${JSON.stringify(room)});
  runPulumi({ folder: ".", args: [] }).then((end) => console.log(JSON.stringify(end)));
`;

describe("a run of Pulumi", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-pulumi-"));
  const started = join(folder, "started");

  before(() => {
    const counter = join(folder, "count.js");
    writeFileSync(counter, countingSignals);
    const lines = `#!/bin/sh\nexec ${process.execPath} ${counter} ${started}\n`;
    writeFileSync(join(folder, "pulumi"), lines, { mode: 0o755 });
  });

  afterEach(() => rmSync(started, { force: true }));

  after(() => rmSync(folder, { recursive: true }));

  for (const [whom, sign] of [
    ["the command", 1],
    ["all processes of its job", -1],
  ] as const) {
    it(`is signalled once when ${whom} is signalled, so that it ends in good order`, async () => {
      const PATH = [folder, process.env.PATH].join(delimiter);
      const { stdout, output } = await runCommand("setsid", [process.execPath, "-e", running], {
        cwd: folder,
        env: { ...process.env, PATH, HOME: folder },
        onStart: (id) =>
          void eventually(() => existsSync(started)).then(() => process.kill(sign * id, "SIGTERM")),
      });
      const end = JSON.parse(stdout) as PulumiEnd;
      expect(end, output).to.include({
        exitCode: 255,
        output: "signals: 1",
        isCancelled: true,
      });
    });
  }
});

describe("the process of pulumi", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-pulumi-"));
  const path = process.env.PATH;

  before(() => {
    process.env.PATH = `${folder}:${path}`;
    const program = `#!/bin/sh
echo '{"version":3,"raw":"\\u001b[2J"}'
printf 'backend %s\\n' "$PULUMI_BACKEND_URL" >&2
printf 'locked by eve\\033[2J@host\\r(pid 7)\\n' >&2
`;
    writeFileSync(join(folder, "pulumi"), program);
    chmodSync(join(folder, "pulumi"), 0o755);
  });

  after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  it("has the variables of its run, which this process has not", async () => {
    const environment = { PULUMI_BACKEND_URL: "file:///scratch" };
    const before = { ...process.env };
    const { words } = await runPulumi({ folder, args: ["whoami"], environment });
    expect(words).to.contain("backend file:///scratch");
    expect(process.env).to.deep.equal(before);
  });

  it("says nothing to people that a terminal would act upon, and its data stay as they are", async () => {
    const { words, output } = await runPulumi({ folder, args: ["stack", "export"] });
    expect(words).to.match(/locked by eve\?\[2J@host\n\(pid 7\)/);
    expect(JSON.parse(output)).to.deep.equal({ version: 3, raw: "\u001b[2J" });
  });
});
