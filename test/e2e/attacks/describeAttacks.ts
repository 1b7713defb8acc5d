import { expect } from "chai";
import { type Attack } from "./attack";
import { attackers } from "./attackers";
import { type Trial } from "./trial";

/** Has every attack tried, at each API server of a scene that is set by then. */
export function describeAttacks(
  attackClasses: Readonly<Record<string, readonly Attack[]>>,
  trials: () => readonly Trial[],
): void {
  for (const [attackClass, attacks] of Object.entries(attackClasses)) {
    describe(attackClass, () => {
      for (const attack of attacks) {
        const { who, what, harm, refusal } = attack;
        it(`${attackers[who]} ${what}: refused by ${refusal.by}, or ${harm}`, async () => {
          const faults = await Promise.all(trials().map((trial) => trial.faultsOf(attack)));
          expect(faults.flat()).to.deep.equal([]);
        });
      }
    });
  }
}
