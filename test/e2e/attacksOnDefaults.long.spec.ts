import { expect } from "chai";
import { type AttackScene, setAttackScene } from "./attacks/attackScene";
import { defaultAttackClasses } from "./attacks/defaultAttacks";
import { describeAttacks } from "./attacks/describeAttacks";
import { defaultPolicies, unprovedRefusals } from "./attacks/judgedPolicies";
import { defaultSetting } from "./attacks/settings";
import { Trial } from "./attacks/trial";

describe("a cluster with a platform that has nothing but defaults", function () {
  this.timeout(300_000);
  let scene: AttackScene | undefined;
  let trials: readonly Trial[];

  before("set the scene", async function () {
    this.timeout(300_000);
    scene = await setAttackScene(defaultSetting);
    trials = [new Trial(scene.clients)];
  });

  after(() => scene?.end());

  describeAttacks(defaultAttackClasses, () => trials);

  it("has no validation of its own that nobody attacks", () => {
    const attacks = Object.values(defaultAttackClasses).flat();
    expect(unprovedRefusals(defaultPolicies, attacks)).to.deep.equal([]);
  });
});
