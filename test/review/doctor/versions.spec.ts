import { expect } from "chai";
import { isAtLeast, judgeNode, judgeProvider, judgePulumi } from "#review/doctor/versions";

const end = { end: 0, output: "", words: "" } as const;
const listed = (...versions: readonly string[]) => ({
  ...end,
  output: JSON.stringify(
    versions.map((version) => ({ name: "kubernetes", kind: "resource", version })),
  ),
});

describe("the versions that the doctor sees", () => {
  it("are compared by their numbers", () => {
    expect(isAtLeast("v3.259.0", "3.255.0")).to.equal(true);
    expect(isAtLeast("v3.1000.0", "3.255.0")).to.equal(true);
    expect(isAtLeast("4.0.0", "3.255.0")).to.equal(true);
    expect(isAtLeast("3.255.0-alpha.1", "3.255.0")).to.equal(true);
    expect(isAtLeast("3.254.9", "3.255.0")).to.equal(false);
    expect(isAtLeast("v20.9.0", "20.19")).to.equal(false);
    expect(isAtLeast("dev", "3.255.0")).to.equal(false);
  });

  it("name the Node.js that is needed", () => {
    expect(judgeNode("v22.1.0", ">=20.19")).to.include({ state: "ok", found: "v22.1.0" });
    expect(judgeNode("v20.18.0", ">=20.19")).to.include({ state: "wrong" });
  });

  it("say when pulumi is not there, does not say its version, or is too old for the pack", () => {
    expect(judgePulumi({ ...end, output: "v3.259.0\n" })).to.include({ state: "ok" });
    for (const [how, found] of [
      [{ ...end, end: "missing" }, "is not on the PATH"],
      [{ ...end, output: "v3.254.0" }, "v3.254.0, which starts no policy pack"],
      [{ ...end, end: 1, words: "out of memory" }, "out of memory"],
    ] as const) {
      const finding = judgePulumi(how);
      expect(finding).to.include({ state: "wrong" });
      expect(finding.found).to.contain(found);
      expect(finding.fix).to.contain("3.255.0 or later");
    }
  });

  it("say whether the provider is installed that the program asks for", () => {
    expect(judgeProvider(listed("4.10.0", "4.35.0"), undefined, "4.34.2")).to.include({
      state: "ok",
    });
    expect(judgeProvider(listed(), "/bin/provider", "4.34.2")).to.include({ state: "ok" });
    for (const plugins of [listed("4.10.0"), listed(), { ...end, output: "no JSON" }]) {
      const finding = judgeProvider(plugins, undefined, "4.34.2");
      expect(finding.state).to.equal("warning");
      expect(finding.fix).to.contain("pulumi plugin install resource kubernetes 4.34.2");
    }
  });
});
