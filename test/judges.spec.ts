import { expect } from "chai";
import { policies } from "#policy/policies/index";
import { fullPolicies } from "./e2e/attacks/judgedPolicies";
import { type Counterpart, packCounterparts, platformCounterparts } from "./support/judges";

const prefix = "secure-environment-";
const packPolicies = policies.map(({ name }) => name);
const platformPolicies = fullPolicies.map(({ name }) => name.slice(prefix.length));
const guardRails = fullPolicies
  .filter(({ binding }) => JSON.stringify(binding).includes("namespaceSelector"))
  .map(({ name }) => name.slice(prefix.length));

describe("what the policy pack refuses", () => {
  itIsJudged(packPolicies, platformCounterparts, platformPolicies);
});

describe("what the platform's guard rails refuse", () => {
  itIsJudged(guardRails, packCounterparts, packPolicies);
});

function itIsJudged(
  judged: readonly string[],
  counterparts: Readonly<Record<string, Counterpart>>,
  others: readonly string[],
): void {
  it("is refused by the other judge as well, or it is said why not", () => {
    expect(Object.keys(counterparts)).to.have.members(judged);
  });

  for (const [name, counterpart] of Object.entries(counterparts)) {
    if (!("reason" in counterpart)) {
      it(`has policies on the other side that are there: ${name}`, () => {
        expect(counterpart).not.to.deep.equal([]);
        expect(others).to.include.members([...counterpart]);
      });
    }
  }
}
