import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runAgent } from "#review/engine/runAgent";
import { type EnvironmentRun } from "#review/environment/environmentRun";
import { failedRunsOf } from "#review/environment/failedRuns";

const run = {
  kind: "update",
  result: "failed",
  startTime: "2026-11-30T10:00:00.000Z",
  endTime: "2026-11-30T10:00:05.000Z",
  environment: { "exec.agent": "review/another" },
};

describe("the failed runs of a stack", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-pulumi-"));
  const path = process.env.PATH;

  before(() => {
    process.env.PATH = `${folder}:${path}`;
  });

  after(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  it("are those that others have started, up to a moment ago", async () => {
    const isOfFailedRun = await failedBy(run);
    for (const instant of ["10:00:00", "10:00:05", "09:59:59", "10:00:06"]) {
      expect(isOfFailedRun(`2026-11-30T${instant}Z`), instant).to.equal(true);
    }
    for (const instant of ["09:59:58", "10:00:07"]) {
      expect(isOfFailedRun(`2026-11-30T${instant}Z`), instant).to.equal(false);
    }
    expect(isOfFailedRun(undefined)).to.equal(false);
  });

  it("are runs without a name, too, as of plain pulumi", async () => {
    const { environment, ...nameless } = run;
    expect(environment).to.have.property("exec.agent");
    expect((await failedBy(nameless))("2026-11-30T10:00:01Z")).to.equal(true);
  });

  it("are none that this process has started, in the same second either", async () => {
    const own = { ...run, environment: { "exec.agent": runAgent } };
    expect((await failedBy(own))("2026-11-30T10:00:01Z")).to.equal(false);
    expect((await failedBy(own, run))("2026-11-30T10:00:01Z")).to.equal(true);
  });

  it("are none that succeeded, or that was no update", async () => {
    const isOfFailedRun = await failedBy(
      { ...run, result: "succeeded" },
      { ...run, kind: "destroy" },
    );
    expect(isOfFailedRun("2026-11-30T10:00:01Z")).to.equal(false);
  });

  async function failedBy(...runs: readonly object[]) {
    const history = join(folder, "history.json");
    writeFileSync(history, JSON.stringify(runs));
    writeFileSync(join(folder, "pulumi"), `#!/bin/sh\ncat ${history}\n`, { mode: 0o755 });
    const target = {
      stack: "review-x",
      settings: { organization: "organization", project: "shop" },
    };
    return failedRunsOf({ target, project: { folder } } as unknown as EnvironmentRun);
  }
});
