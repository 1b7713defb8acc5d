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
});
