import { expect } from "chai";
import { type AnyGuarantee, policiesOf } from "#policy/policyPack";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  type Diagnosis,
  urnOf,
} from "./policyAnalyzer";

/** What a guarantee says of resources, through the policy SDK's own functions. */
export interface GuaranteeCase {
  /** What the guarantee does here, such as `refuses a Service of the type NodePort`. */
  readonly it: string;
  /** One resource, or a stack of them. */
  readonly resources: AnalyzedResource | readonly AnalyzedResource[];
  readonly settings?: object;
  /** What each message has in it, in order. None: the guarantee is kept. */
  readonly finds?: readonly string[];
}

/** A text that stands for somebody's secret: no message may have it. */
export const secretText = "hunter2";

/** The present instant of all cases. */
const now = "2026-01-01T00:00:00Z";

let guaranteeCount = 0;
let caseCount = 0;

after(() => {
  console.log(`  ${guaranteeCount} guarantees were judged in ${caseCount} cases.`);
});

/** Tests the guarantee in each case, and that exceptions excuse from it until they expire. */
export function describeGuarantee(guarantee: AnyGuarantee, cases: readonly GuaranteeCase[]): void {
  guaranteeCount += 1;
  caseCount += cases.length;
  describe(guarantee.name, () => {
    for (const guaranteeCase of cases) {
      it(guaranteeCase.it, async () => {
        const messages = (await diagnosesOf(guarantee, guaranteeCase)).map(
          ({ message }) => message,
        );
        expectMessages(messages, guaranteeCase.finds ?? []);
      });
    }
    const violation = cases.find(({ finds = [] }) => finds.length > 0);
    if (violation !== undefined) {
      it("excuses by an exception, until it expires", () => expectExceptions(guarantee, violation));
    }
  });
}

function expectMessages(messages: readonly string[], finds: readonly string[]): void {
  expect(messages, messages.join("\n")).to.have.length(finds.length);
  for (const [index, message] of messages.entries()) {
    expect(message).to.contain(finds[index]);
    expect(message).not.to.contain(secretText);
    expect(message).not.to.contain("cannot be judged");
  }
}

/** A finding about the stack as a whole has no resource that could be excepted. */
async function expectExceptions(guarantee: AnyGuarantee, violation: GuaranteeCase): Promise<void> {
  const found = await diagnosesOf(guarantee, violation);
  const urns = resourcesOf(violation)
    .map(urnOf)
    .filter((urn) => found.some((diagnosis) => diagnosis.urn === urn));
  const judgedUntil = (expiresAt: string) => {
    const exceptions = urns.map((resource) => ({ resource, reason: "a migration", expiresAt }));
    return diagnosesOf(guarantee, {
      ...violation,
      settings: { ...violation.settings, exceptions },
    });
  };
  expect(await judgedUntil("2026-01-02T00:00:00Z")).to.deep.equal(
    found.filter(({ urn }) => !urns.includes(urn)),
  );
  expect(await judgedUntil("2025-12-31T00:00:00Z")).to.have.length(found.length);
}

async function diagnosesOf(
  guarantee: AnyGuarantee,
  guaranteeCase: GuaranteeCase,
): Promise<Diagnosis[]> {
  const policies = policiesOf([guarantee], { now: () => now, tell: () => undefined });
  const resources = resourcesOf(guaranteeCase);
  if ("judgeStack" in guarantee) {
    return analyzeStack(policies, resources, guaranteeCase.settings);
  }
  const diagnoses = resources.map((resource) =>
    analyzeResource(policies, resource, guaranteeCase.settings),
  );
  return (await Promise.all(diagnoses)).flat();
}

function resourcesOf({ resources }: GuaranteeCase): readonly AnalyzedResource[] {
  return [resources].flat();
}
