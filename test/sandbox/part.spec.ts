import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { startPart } from "secure-environment-sandbox/bin/part.js";
import { isRunning } from "secure-environment-sandbox/bin/processes.js";
import { type PartRecord, statePaths } from "secure-environment-sandbox/bin/state.js";

import { eventually } from "../support/eventually";

describe("a part of a sandbox", () => {
  const paths = statePaths(mkdtempSync(join(tmpdir(), "part-")));

  before(() => mkdirSync(paths.logs));

  after(() => rmSync(paths.root, { recursive: true }));

  it("is ended at once when it cannot be written down, as on a full disk", async () => {
    let started: PartRecord | undefined;
    const refuse = (record: PartRecord) => {
      started = record;
      throw new Error("the disk is full");
    };

    const attempt = startPart("sleeper", "sleep", ["600"], paths, refuse);

    const error = await attempt.catch((reason: Error) => reason);
    expect(error).to.have.property("message", "the disk is full");
    expect(started?.identity).not.to.equal("");
    await eventually(() => started !== undefined && !isRunning(started));
  });

  it("says that the disk was full, even where a panic says so far above its last lines", async () => {
    const panic =
      "echo 'panic: write 0.tmp: no space left on device'; for n in $(seq 40); do echo goroutine $n; done; exit 2";

    const { crash } = await startPart("panicking", "sh", ["-c", panic], paths, () => undefined);

    const error = await crash.catch((reason: Error) => reason);
    const lines = error.message.split("\n");
    expect(lines[0]).to.equal("panicking ended (exit code 2) while it started. Its last lines:");
    expect(lines[1]).to.equal("  panic: write 0.tmp: no space left on device");
    expect(lines.slice(2)).to.deep.equal(
      Array.from({ length: 14 }, (_line, index) => `  goroutine ${index + 27}`),
    );
  });
});
