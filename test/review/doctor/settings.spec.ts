import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { lookAtSettings } from "#review/doctor/settings";

describe("the settings that the doctor sees", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-settings-"));
  after(() => rmSync(folder, { recursive: true }));

  function looked(content: string) {
    writeFileSync(join(folder, "review.yaml"), content);
    return lookAtSettings(folder);
  }

  it("are taken where nothing is wrong", () => {
    const { settings, finding } = looked("project: shop\n");
    expect(settings?.project).to.equal("shop");
    expect(finding).to.include({ state: "ok", found: "review.yaml of the project shop" });
  });

  it("are told with all their faults at once", () => {
    const { settings, finding } = looked("project: my shop!\nlifetime: 7 days\nclustr: x\n");
    expect([settings, finding.state]).to.deep.equal([undefined, "wrong"]);
    for (const fault of ["project is", "lifetime is", "clustr is not known"]) {
      expect(finding.found).to.contain(fault);
    }
  });
});
