import { expect } from "chai";
import { budgetIn } from "#review/settings/budget";

describe("the budget, in the settings", () => {
  it("is left out, or bounds the number, amounts, or both", () => {
    expect(budgetIn(undefined)).to.deep.equal({ faults: [] });
    expect(budgetIn({ environments: 20 }).budget).to.deep.equal({ environments: 20, amounts: {} });
    expect(budgetIn({ environments: 20, cpu: 40, memory: "80Gi", storage: "200Gi" })).to.deep.equal(
      {
        faults: [],
        budget: { environments: 20, amounts: { cpu: "40", memory: "80Gi", storage: "200Gi" } },
      },
    );
    expect(budgetIn({ cpu: "1500m" }).budget?.amounts).to.deep.equal({ cpu: "1500m" });
  });

  it("is told all that is wrong with it at once", () => {
    const { budget, faults } = budgetIn({ environments: 2.5, cpu: "a lot", disk: "1Gi" });
    expect(budget).to.equal(undefined);
    expect(faults.map((fault) => fault.split(" ")[0])).to.deep.equal([
      "budget.disk",
      "budget.environments",
      "budget.cpu",
    ]);
  });

  for (const [value, words] of [
    [20, "budget is no map"],
    [{}, "budget is no map with at least one of the keys environments, cpu, memory, storage"],
    [null, "budget is no map"],
    [{ environments: "20" }, 'budget.environments is "20": give a whole number'],
    [{ environments: -1 }, "budget.environments is -1"],
    [{ environments: null }, "budget.environments is null"],
    [{ cpu: "-1" }, 'budget.cpu is "-1": give an amount'],
    [{ memory: "80 Gi" }, 'budget.memory is "80 Gi": give an amount as Kubernetes has it'],
    [{ memory: "80GB" }, "such as 80Gi"],
    [{ storage: true }, "budget.storage is true"],
    [{ "requests.cpu": "4" }, "budget.requests.cpu is not known"],
  ] as const) {
    it(`is not ${JSON.stringify(value)}`, () => {
      const { budget, faults } = budgetIn(value);
      expect(budget).to.equal(undefined);
      expect(faults.join()).to.contain(words);
    });
  }
});
