import { expect } from "chai";
import { type Attack } from "./attack";
import { attackers } from "./attackers";
import { type Trial } from "./trial";

/**
 * Has every attack tried, at one API server after the other of a scene that is set by then: two that
 * ask for the same address at once would be in each other's way.
 */
export function describeAttacks(
  attackClasses: Readonly<Record<string, readonly Attack[]>>,
  trials: () => readonly Trial[],
): void {
  for (const [attackClass, attacks] of Object.entries(attackClasses)) {
    describe(attackClass, () => {
      for (const attack of attacks) {
        const { who, what, harm, refusal } = attack;
        it(`${attackers[who]} ${what}: refused by ${refusal.by}, or ${harm}`, async () => {
          for (const trial of trials()) {
            expect(await trial.faultsOf(attack)).to.deep.equal([]);
          }
        });
      }
    });
  }
}
