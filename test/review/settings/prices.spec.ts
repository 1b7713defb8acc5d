import { expect } from "chai";
import { pricesIn } from "#review/settings/prices";

const whole = {
  currency: "EUR",
  cpuHour: 0.03,
  memoryGibibyteHour: 0.004,
  storageGibibyteHour: 0,
};

describe("prices, in the settings", () => {
  it("are left out, or those of all that environments request", () => {
    expect(pricesIn(undefined)).to.deep.equal({ faults: [] });
    expect(pricesIn(whole)).to.deep.equal({ faults: [], prices: whole });
  });

  it("are told all that is wrong with them at once", () => {
    const { prices, faults } = pricesIn({ currency: "€", cpuHour: "0.03", gpuHour: 1 });
    expect(prices).to.equal(undefined);
    expect(faults.map((fault) => fault.split(" ")[0])).to.deep.equal([
      "prices.gpuHour",
      "prices.currency",
      "prices.cpuHour",
      "prices.memoryGibibyteHour",
      "prices.storageGibibyteHour",
    ]);
  });

  for (const [value, words] of [
    [3, "prices is no map"],
    [{ ...whole, currency: "eur" }, "prices.currency is no code of three letters"],
    [{ ...whole, cpuHour: undefined }, "prices.cpuHour is missing: give a number"],
    [{ ...whole, cpuHour: -1 }, "prices.cpuHour is -1"],
    [{ ...whole, cpuHour: Infinity }, "prices.cpuHour is null"],
    [{ ...whole, cpuHour: 1e-200 }, "prices.cpuHour is 1e-200"],
    [{ ...whole, storageGibibyteHour: "0.1" }, 'prices.storageGibibyteHour is "0.1"'],
  ] as const) {
    it(`are not ${JSON.stringify(value)}`, () => {
      const { prices, faults } = pricesIn(value);
      expect(prices).to.equal(undefined);
      expect(faults.join()).to.contain(words);
    });
  }
});
