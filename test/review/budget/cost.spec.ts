import { expect } from "chai";
import fc from "fast-check";
import { costPerDay, describeCost } from "#review/budget/cost";
import { type QuotaUses } from "#review/cluster/quotas";
import { propertyRuns } from "../../support/propertyRuns";

const prices = {
  currency: "EUR",
  cpuHour: 0.03,
  memoryGibibyteHour: 0.004,
  storageGibibyteHour: 0.0001,
};
const quota: QuotaUses = {
  pods: { used: "3", hard: "20" },
  "requests.cpu": { used: "500m", hard: "4" },
  "requests.memory": { used: "512Mi", hard: "2.5Gi" },
  "requests.storage": { used: "0", hard: "10Gi" },
};

describe("what environments cost in a day", () => {
  it("is reckoned from what their quotas have, and from what is requested", () => {
    // 24 * (4 * 0.03 + 2.5 * 0.004 + 10 * 0.0001) = 3.144, and 24 * (0.5 * 0.03 + 0.5 * 0.004) = 0.408
    const cost = costPerDay([quota], prices);
    expect(cost).to.deep.equal({ currency: "EUR", most: 3.15, now: 0.41 });
    expect(describeCost(cost)).to.equal("at most 3.15 EUR a day, now 0.41 EUR");
  });

  it("is rounded up once for all of them", () => {
    expect(costPerDay([quota, quota], prices).most).to.equal(6.29);
    expect(costPerDay([], prices)).to.deep.equal({ currency: "EUR", most: 0, now: 0 });
  });

  it("is not rounded where there is nothing to round", () => {
    // In binary fractions 0.1 + 0.2 is more than 0.3.
    const tenths = { ...prices, cpuHour: 0.1, memoryGibibyteHour: 0.2 };
    const equal = { "requests.cpu": { used: "1", hard: "1" } };
    const memory = { "requests.memory": { used: "1Gi", hard: "1Gi" } };
    expect(costPerDay([equal, memory], tenths).most).to.equal(7.2);
  });

  it("counts no resource that the quota does not have", () => {
    const { "requests.cpu": cpu = { used: "0", hard: "0" } } = quota;
    expect(costPerDay([{ "requests.cpu": cpu }], prices).most).to.equal(2.88);
  });

  it("is never less than it is, nor a hundredth more, and grows with each environment", () => {
    const amount = fc.nat({ max: 64_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount), { maxLength: 5 }), (list) => {
        const quotas = list.map(([cpu, memory]) => ({
          "requests.cpu": { used: "0", hard: `${cpu}m` },
          "requests.memory": { used: "0", hard: `${memory}Mi` },
        }));
        const exact = list.reduce(
          (sum, [cpu, memory]) => sum + 24 * ((cpu / 1000) * 0.03 + (memory / 1024) * 0.004),
          0,
        );
        const { most } = costPerDay(quotas, prices);
        expect(most).to.be.within(exact - 1e-9, exact + 0.01 + 1e-9);
        expect(costPerDay([...quotas, quota], prices).most).to.be.greaterThan(most);
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
