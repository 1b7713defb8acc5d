import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { SecureEnvironment, type SecureEnvironmentArgs } from "secure-environment";
import { plainObjects } from "#components/core/plan";
import { planEnvironment } from "#components/environment/plan";
import { judgeEnvironment } from "#components/environment/resolvedEnvironment";
import { MockEngine } from "../support/mocks";

const args: SecureEnvironmentArgs = {
  project: "shop",
  platform: true,
  permanent: true,
  nodePool: { dedicated: true },
  mesh: "linkerd",
  meshPorts: [5432],
  domain: "review.example.com",
};
const origin = { pulumiProject: "review", stack: "review-login" };

describe("the plan of an environment", () => {
  it("is what the component makes, entry by entry", async () => {
    const engine = await MockEngine.start();
    new SecureEnvironment("env", args);
    await engine.finished();
    const made = engine.resources.map(({ name, inputs, dependsOn, deletedWith, protect }) => ({
      name,
      object: inputs,
      dependsOn: dependsOn.filter((other) => other !== deletedWith).sort(),
      deletedWith,
      protect,
    }));

    const { objects } = plan();
    const plain = plainObjects(objects, { namespaceName: "review-shop-login" });
    const wanted = objects.map(({ logicalName, dependsOn, deletedWith, protect }, index) => ({
      name: logicalName,
      object: plain[index],
      dependsOn: dependsOn.map((before) => before.logicalName).sort(),
      deletedWith: deletedWith?.logicalName,
      protect,
    }));
    expect(made).to.have.deep.members(wanted);
  });

  it("patches the service account that Kubernetes makes, and creates everything else", () => {
    const patched = plan().objects.filter(({ action }) => action !== "create");
    expect(patched.map(({ logicalName }) => logicalName)).to.deep.equal(["env-default-account"]);
    expect(patched.map(({ action }) => action)).to.deep.equal(["patch"]);
  });

  it("is made without an engine: Pulumi is not loaded", () => {
    const script = `
      require(${JSON.stringify(require.resolve("#components/environment/plan"))});
      require(${JSON.stringify(require.resolve("#components/environment/resolvedEnvironment"))});
      require(${JSON.stringify(require.resolve("#components/platform/plan"))});
      console.log(Object.keys(require.cache).filter((file) => file.includes("@pulumi")).length);`;
    const loaded = execFileSync(process.execPath, ["-e", script], { encoding: "utf8" });
    expect(loaded.trim()).to.equal("0");
  });
});

function plan() {
  const { environment } = judgeEnvironment(args, origin);
  if (environment === undefined) {
    throw new Error("The arguments have a problem.");
  }
  return planEnvironment("env", environment);
}
