import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { measureProgramStart } from "../../bench/starts";

describe("the start of the program that is measured", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "program-start-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("is that of a program which comes to its end", async () => {
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, "");
    const place = { folder, kubeconfig, abort: new AbortController().signal };
    expect(await measureProgramStart(1, place)).to.have.length(1);
  });
});
