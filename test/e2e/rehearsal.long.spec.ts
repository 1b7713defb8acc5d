import { expect } from "chai";
import { PlatformCluster, platformStack } from "./support/platformScene";

const bindings = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";

describe("a cluster that enforces no limit ranges and no quotas", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;

  before("start one", async () => {
    cluster = await PlatformCluster.start({
      extraApiServerArguments: ["--disable-admission-plugins=LimitRanger,ResourceQuota"],
    });
  });

  after("stop it", () => cluster.end());

  it("is told of both, and gives its pipelines no rights", async () => {
    await cluster.program.createStack(platformStack, { projects: [{ name: "shop" }] });
    const up = await cluster.program.up(platformStack);
    expect(up.exitCode, up.output).not.to.equal(0);
    const told = [...up.output.matchAll(/^ *- (\S+): a POST to \S+ by system:masters /gm)];
    expect(told.map(([, plugin]) => plugin)).to.include.members(["LimitRanger", "ResourceQuota"]);
    const { body } = await cluster.api.request("GET", bindings);
    const names = (body.items as { metadata: { name: string } }[]).map(
      ({ metadata }) => metadata.name,
    );
    expect(names.filter((name) => name.startsWith("secure-environment-pipeline"))).to.deep.equal(
      [],
    );
  });
});
