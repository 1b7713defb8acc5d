import { expect } from "chai";
import { platformClusterRoles } from "#components/core/rbac/clusterRoles";
import { platformRoleNames } from "#components/core/platformNames";
import { judgePlatform, type SeenPlatform } from "#review/doctor/platform";

const policy = "secure-environment-pipelines-keep-quotas";
const whole: SeenPlatform = {
  hasNamespace: true,
  policies: [policy],
  bound: [policy],
  clusterRoles: [...Object.values(platformClusterRoles), ...Object.values(platformRoleNames)],
};
const none: SeenPlatform = { hasNamespace: false, policies: [], bound: [], clusterRoles: [] };
const unseen: SeenPlatform = {
  hasNamespace: undefined,
  policies: undefined,
  bound: undefined,
  clusterRoles: undefined,
};

describe("the platform that the doctor sees", () => {
  it("is right where it is installed and the settings say so, or neither", () => {
    expect(judgePlatform(whole, true)).to.include({
      state: "ok",
      found: "is installed: 1 admission policies, 8 ClusterRoles",
    });
    expect(judgePlatform(none, false)).to.include({ state: "ok" });
  });

  it("is wrong where the settings say otherwise, and doubted where a program may say it", () => {
    expect(judgePlatform(none, true)).to.include({ state: "wrong" });
    expect(judgePlatform(whole, false).fix).to.contain("`platform: true`");
    expect(judgePlatform(whole, false).state).to.equal("wrong");
    expect(judgePlatform(whole, undefined).state).to.equal("warning");
  });

  it("is wrong where a part of it is missing, and names it", () => {
    const found = (more: Partial<SeenPlatform>) => judgePlatform({ ...whole, ...more }, true);
    expect(found({ bound: [] }).found).to.contain(`nothing binds the admission policies ${policy}`);
    expect(found({ policies: [] }).found).to.contain("nothing is fenced");
    expect(found({ clusterRoles: whole.clusterRoles?.slice(1) }).found).to.contain(
      "the ClusterRoles secure-environment-viewer are missing",
    );
  });

  it("is not known to who may not look, and known by its namespace to pipelines", () => {
    expect(judgePlatform(unseen, true)).to.include({ state: "unknown" });
    expect(judgePlatform({ ...unseen, hasNamespace: true }, true)).to.include({ state: "ok" });
  });
});
