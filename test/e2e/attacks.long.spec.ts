import { platformPolicies } from "#components/platform/policies";
import { expect } from "chai";
import { type KubernetesApi } from "secure-environment-sandbox";
import { rightsIn } from "../support/accessReviews";
import { attackClasses, passageClasses } from "./attacks";
import { attackers } from "./attacks/attackers";
import { type AttackScene, setAttackScene } from "./attacks/attackScene";
import { bystanderVersions } from "./attacks/bystanders";
import { login } from "./attacks/places";
import { platformArgs } from "./attacks/platformArgs";
import { isSaid } from "./attacks/refusal";
import { Trial } from "./attacks/trial";
import { verifierRights } from "./attacks/verifier";

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
