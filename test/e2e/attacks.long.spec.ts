import { expect } from "chai";
import { type KubernetesApi } from "secure-environment-sandbox";
import { rightsIn } from "./support/accessReviews";
import { attackClasses, passageClasses } from "./attacks";
import { type AttackScene, setAttackScene } from "./attacks/attackScene";
import { bystanderVersions, settledVersions } from "./attacks/bystanders";
import { describeAttacks } from "./attacks/describeAttacks";
import { fullPolicies, unprovedRefusals } from "./attacks/judgedPolicies";
import { login } from "./attacks/places";
import { fullSetting } from "./attacks/settings";
import { Trial } from "./attacks/trial";
import { verifierRights } from "./attacks/verifier";

const allAttacks = Object.values(attackClasses).flat();

describe("a cluster with a platform and two API servers", function () {
  this.timeout(300_000);
  let scene: AttackScene | undefined;
  let administrator: KubernetesApi;
  let trials: readonly Trial[];
  let versions: Readonly<Record<string, string>>;

  before("set the scene", async function () {
    this.timeout(300_000);
    scene = await setAttackScene(fullSetting, 2);
    trials = [scene.clients, ...scene.otherClients].map((clients) => new Trial(clients));
    administrator = scene.clients.administrator;
    versions = await settledVersions(administrator);
  });

  after(() => scene?.end());

  describeAttacks(attackClasses, () => trials);

  for (const [what, passages] of Object.entries(passageClasses)) {
    describe(what, () => {
      for (const passage of passages) {
        it(passage.what, async () => {
          const faults = await Promise.all(trials.map((trial) => trial.passageFaults(passage)));
          expect(faults).to.deep.equal([[], []]);
        });
      }
    });
  }

  it("gives the verifier the rights to look and to ask, and no others", async () => {
    const { verifier, stranger } = scene!.clients;
    const rights = await rightsIn(verifier, login.namespace);
    const everybodys = await rightsIn(stranger, login.namespace);
    expect(rights.filter((right) => !everybodys.includes(right))).to.have.members(verifierRights);
  });

  it("has no validation that nobody attacks", () => {
    expect(unprovedRefusals(fullPolicies, allAttacks)).to.deep.equal([]);
  });

  describe("when all attacks are over", () => {
    it("has everything in its place", async () => {
      expect(await bystanderVersions(administrator)).to.deep.equal(versions);
    });
  });
});
