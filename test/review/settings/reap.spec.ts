import { expect } from "chai";
import { reapIn } from "#review/settings/reap";

describe("the settings of reap", () => {
  for (const value of [undefined, {}, { atMost: 1 }, { atMost: 1_000, idle: "14d" }]) {
    it(`may be ${JSON.stringify(value)}`, () => {
      expect(reapIn(value)).to.deep.equal({ faults: [], ...(value && { reap: value }) });
    });
  }

  for (const [value, ...faults] of [
    [[], "reap is no map with the keys atMost, idle"],
    [{ most: 3 }, "reap.most is not known; there are atMost, idle"],
    [{ atMost: 0 }, "reap.atMost is 0: give a whole number from 1 to 1000"],
    [{ atMost: 1.5 }, "reap.atMost is 1.5: give a whole number from 1 to 1000"],
    [
      { atMost: "3", idle: 14 },
      'reap.atMost is "3": give a whole number from 1 to 1000',
      "reap.idle is 14: give a whole number with a unit, such as 14d",
    ],
  ] as const) {
    it(`are not ${JSON.stringify(value)}`, () => {
      expect(reapIn(value)).to.deep.equal({ faults });
    });
  }
});
