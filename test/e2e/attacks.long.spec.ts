import { platformPolicies } from "#components/platform/policies";
import { expect } from "chai";
import { type KubernetesApi } from "secure-environment-sandbox";
import { attackClasses } from "./attacks";
import { attackers } from "./attacks/attackers";
import { type AttackScene, setAttackScene } from "./attacks/attackScene";
import { bystanderVersions } from "./attacks/bystanders";
import { agedPassages } from "./attacks/aged";
import { platformArgs } from "./attacks/platformArgs";
import { isSaid } from "./attacks/refusal";
import { Trial } from "./attacks/trial";

const allAttacks = Object.values(attackClasses).flat();

describe("a cluster with a platform and two API servers", function () {
  this.timeout(60_000);
  let scene: AttackScene | undefined;
  let administrator: KubernetesApi;
  let trials: readonly Trial[];
  let versions: Readonly<Record<string, string>>;

  before("set the scene", async function () {
    this.timeout(240_000);
    scene = await setAttackScene(2);
    trials = [scene.clients, ...scene.otherClients].map((clients) => new Trial(clients));
    administrator = scene.clients.administrator;
    versions = await bystanderVersions(administrator);
  });

  after(() => scene?.end());

  for (const [attackClass, attacks] of Object.entries(attackClasses)) {
    describe(attackClass, () => {
      for (const attack of attacks) {
        const { who, what, harm, refusal } = attack;
        it(`${attackers[who]} ${what}: refused by ${refusal.by}, or ${harm}`, async () => {
          const faults = await Promise.all(trials.map((trial) => trial.faultsOf(attack)));
          expect(faults).to.deep.equal([[], []]);
        });
      }
    });
  }

  describe("lets through what changes nothing that a rule judges", () => {
    for (const passage of agedPassages) {
      it(passage.what, async () => {
        const faults = await Promise.all(trials.map((trial) => trial.passageFaults(passage)));
        expect(faults).to.deep.equal([[], []]);
      });
    }
  });

  it("has no validation that nobody attacks", () => {
    const reasons = allAttacks.map(({ refusal }) => refusal).filter(({ says }) => says.length > 1);
    const unproved = platformPolicies(platformArgs).flatMap(({ name, policy }) =>
      (policy.validations as { message: string }[])
        .map(({ message }) => `ValidatingAdmissionPolicy '${name}' denied request: ${message}`)
        .filter((message) => !reasons.some((reason) => isSaid(reason, message))),
    );
    expect(unproved).to.deep.equal([]);
  });

  describe("when all attacks are over", () => {
    it("has everything in its place", async () => {
      expect(await bystanderVersions(administrator)).to.deep.equal(versions);
    });
  });
});
