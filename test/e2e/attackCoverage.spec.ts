import { expect } from "chai";
import { attackClasses } from "./attacks";
import { attackTable, missingAttacks } from "./attacks/coverage";

/** Fewer would leave out what was found to be worth trying. */
const fewest = 120;

describe("the attacks on a platform", () => {
  it("are many", () => {
    const { length } = Object.values(attackClasses).flat();
    console.log(`  ${length} attacks\n${attackTable()}`);
    expect(length).to.be.at.least(fewest);
  });

  it("are tried by everybody who must not get through", () => {
    expect(missingAttacks()).to.deep.equal([]);
  });
});
