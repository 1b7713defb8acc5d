import { expect } from "chai";
import { attackClasses } from "./attacks";
import { attackers } from "./attacks/attackers";
import { deputies } from "./attacks/deputies";

const sentences = Object.values(attackClasses)
  .flat()
  .map(({ who, what }) => `${attackers[who]} ${what}`);

describe("the fields by which an object makes a controller act on another", () => {
  for (const deputy of deputies) {
    const { field } = deputy;
    if ("attack" in deputy) {
      it(`are attacked: ${field}`, () => {
        expect(sentences.some((sentence) => deputy.attack.test(sentence))).to.equal(true);
      });
    } else {
      it(`are left alone for a reason: ${field}`, () => {
        expect(deputy.reason).to.match(/[a-z]{4}/);
      });
    }
  }

  it("are told once each", () => {
    const fields = deputies.map(({ field }) => field);
    expect(new Set(fields).size).to.equal(fields.length);
  });
});
