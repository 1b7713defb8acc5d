import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { actionlint, hasPip, zizmor } from "./support/pipelineAudits";
import { workflowFile } from "./support/pipelineGithub";

describe("the workflow for GitHub, to those who look for faults in workflows,", function () {
  this.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-audit-"));
  const content = readFileSync(workflowFile, "utf8");

  after(() => rmSync(folder, { recursive: true }));

  it("has none that actionlint finds, which finds a step that is not there", async () => {
    const sound = await actionlint(workflowFile);
    expect(sound.exitCode, sound.output).to.equal(0);
    const broken = await actionlint(withChange("steps.up.outputs.URL", "steps.down.outputs.URL"));
    expect(broken.exitCode).to.equal(1);
    expect(broken.output).to.contain('property "down" is not defined');
  });

  it("has none that zizmor finds, which finds a branch's name in a script", async function () {
    if (!(await hasPip())) {
      console.log(
        "    SKIPPED, zizmor was not asked: there is no `python3 -m pip` that installs it.",
      );
      this.skip();
    }
    const sound = await zizmor(workflowFile);
    expect(sound.exitCode, sound.output).to.equal(0);
    expect(sound.output).to.contain("No findings to report");
    const broken = await zizmor(withChange('-- "$BRANCH"', '-- "${{ github.head_ref }}"'));
    expect(broken.exitCode).not.to.equal(0);
    expect(broken.output).to.contain("template-injection");
  });

  function withChange(part: string, other: string): string {
    expect(content).to.contain(part);
    const file = join(folder, "workflow.yml");
    writeFileSync(
      file,
      content.replace(part, () => other),
    );
    return file;
  }
});
