import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runPulumi } from "#review/engine/pulumiProcess";
import { exportStack } from "#review/state/pulumi";

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

  it("says nothing of the sort where it is run for a stack by its name", () => {
    const told: string[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text: string | Uint8Array) => told.push(String(text)) > 0;
    try {
      exportStack("review-x");
    } finally {
      process.stderr.write = write;
    }
    expect(told.join("")).to.contain("locked by eve?[2J@host?(pid 7)");
  });
});
