import { expect } from "chai";
import { policies } from "#policy/policies/index";
import { judgeEnvironment } from "#components/environment/resolvedEnvironment";
import { describeProblems } from "#components/core/problems";
import { pulumiPoliciesOf } from "#policy/policyPack";
import { fullPolicies } from "./e2e/attacks/judgedPolicies";
import { type Counterpart, packCounterparts, platformCounterparts } from "./support/judges";
import { ruleCases } from "./support/ruleCases";
import { type GivenArguments } from "./support/ruleCases/ruleCase";
import { expectVerdict } from "./support/ruleCases/verdicts";
import { origin, packSettings } from "./support/ruleCases/surroundings";
import { type AnalyzedResource, analyzeResource } from "./policy/support/policyAnalyzer";

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

for (const [what, cases] of Object.entries(ruleCases)) {
  describe(`the rule about ${what}, by the arguments and by the pack`, () => {
    for (const ruleCase of cases) {
      it(`judges ${ruleCase.what}`, async () => {
        await expectVerdict(ruleCase.arguments, faultsOf);
        await expectVerdict(ruleCase.pack, objectionsTo);
      });
    }
  });
}

function faultsOf({ args, stack = origin.stack }: GivenArguments): string {
  const { problems } = judgeEnvironment(args, { ...origin, stack });
  return problems.length === 0 ? "" : describeProblems(problems);
}

async function objectionsTo(resource: AnalyzedResource): Promise<string> {
  const judges = policies.filter((policy) => "judge" in policy);
  const diagnoses = await Promise.all(
    judges.map((policy) => {
      const own = Object.entries(packSettings).filter(([key]) =>
        Object.hasOwn(policy.settings, key),
      );
      const pulumiPolicies = pulumiPoliciesOf([policy], () => "2026-01-01T00:00:00Z");
      return analyzeResource(pulumiPolicies, resource, Object.fromEntries(own));
    }),
  );
  return diagnoses
    .flat()
    .filter(({ isAdvisory }) => !isAdvisory)
    .map(({ message }) => message)
    .join("\n");
}
