import { expect } from "chai";
import { judgeClock } from "#review/doctor/clock";
import { judgeCluster, judgeProviderVariables } from "#review/doctor/cluster";
import { judgeIdentity } from "#review/doctor/identity";

const seen = {
  server: "https://10.0.0.1:6443",
  chosenBy: "the current context of KUBECONFIG=config",
  status: 200,
  reason: "no reason was given",
  version: "v1.36.3",
  username: "jane",
};

describe("the cluster that the doctor sees", () => {
  it("is told by its address, by what chose it, and as whom it is used", () => {
    const [finding, version] = judgeCluster(seen);
    expect(finding).to.include({ state: "ok" });
    expect(finding?.found).to.equal(
      "https://10.0.0.1:6443, the current context of KUBECONFIG=config, as jane",
    );
    expect(version).to.include({ state: "ok", found: "v1.36.3" });
  });

  it("is about credentials where it does not take them", () => {
    const [finding, ...others] = judgeCluster({ ...seen, status: 401, reason: "Unauthorized" });
    expect(others).to.deep.equal([]);
    expect(finding).to.include({ state: "wrong", isAboutCredentials: true });
  });

  it("is wrong where what answers is no API server", () => {
    const [finding] = judgeCluster({ ...seen, status: 404, version: undefined });
    expect(finding).to.include({ state: "wrong" });
    expect(finding).not.to.have.property("isAboutCredentials");
  });

  for (const [version, state] of [
    ["v1.32.9", "wrong"],
    ["v1.33.1-eks-1234", "warning"],
    ["v1.34.0", "ok"],
    ["v2.0.0", "wrong"],
  ] as const) {
    it(`is ${state} with the version ${version}`, () => {
      expect(judgeCluster({ ...seen, version })[1]).to.include({ state });
    });
  }

  it("is compared with the settings, which are told what to say", () => {
    expect(judgeIdentity(200, "1-2", "1-2")).to.include({ state: "ok" });
    expect(judgeIdentity(200, "1-2", undefined)).to.include({
      state: "warning",
      fix: "Write `cluster: 1-2` into review.yaml.",
    });
    const other = judgeIdentity(200, "1-2", "3-4");
    expect(other.state).to.equal("wrong");
    expect(other.found).to.contain("1-2").and.contain("3-4");
    expect(judgeIdentity(403, undefined, "1-2").state).to.equal("unknown");
  });

  it("is not used with a provider that would take over, overwrite or forget", () => {
    const upsert = { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" };
    const findings = judgeProviderVariables(upsert);
    expect(findings.map(({ subject, state }) => [subject, state])).to.deep.equal([
      ["PULUMI_K8S_UPSERT_EXISTING_OBJECTS", "wrong"],
    ]);
    expect(judgeProviderVariables({})).to.deep.equal([]);
  });
});

describe("the clock that the doctor sees", () => {
  const sent = Date.parse("2027-01-01T12:00:00Z");
  const read = (said: number | undefined) =>
    judgeClock({ sent, answered: sent + 400, said: said === undefined ? said : sent + said });

  it("is right within a minute of the API server's", () => {
    expect(read(0)).to.include({ state: "ok", found: "at most 1 s apart from the API server's" });
    expect(read(-59_000)).to.include({ state: "ok" });
    expect(read(60_000)).to.include({ state: "ok" });
  });

  it("is doubted beyond, with the side on which it is wrong", () => {
    expect(read(-3_600_000).state).to.equal("warning");
    expect(read(-3_600_000).found).to.contain("3599 s ahead of");
    expect(read(3_600_000).found).to.contain("3600 s behind");
  });

  it("is not known where the API server does not say the time", () => {
    expect(read(undefined).state).to.equal("unknown");
  });
});
