import { expect } from "chai";
import { platformObjects } from "./support/platformObjects";
import { PlatformCluster, platformStack } from "./support/platformScene";

const plugins = ["PodSecurity", "Priority", "ServiceAccount"];

describe("a cluster without the admission plugins on which the walls hang", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;

  before("start one", async () => {
    cluster = await PlatformCluster.start({
      extraApiServerArguments: [`--disable-admission-plugins=${plugins.join(",")}`],
    });
  });

  after("stop it", () => cluster.end());

  it("gets no platform, is told each of them, and has nothing of it", async () => {
    await cluster.program.createStack(platformStack, { projects: [{ name: "shop" }] });
    const up = await cluster.program.up(platformStack);
    expect(up.exitCode, up.output).not.to.equal(0);
    expect(up.output).to.contain("The cluster has 3 problems; nothing was created.");
    for (const plugin of plugins) {
      expect(up.output).to.contain(`  - admission plugin ${plugin}: is off, which `);
    }
    expect(await platformObjects(cluster.api)).to.deep.equal([]);
  });
});
