import { expect } from "chai";
import { type AnyGuarantee, policiesOf } from "#policy/policyPack";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  type Diagnosis,
  urnOf,
} from "./policyAnalyzer";
import { withoutProperties, withSecretMaps, withSecrets, withUnknowns } from "./resourceVariants";

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

/** The cases of all guarantees, by name, as far as their specs are loaded. */
export const judgedCases = new Map<string, readonly GuaranteeCase[]>();

/**
 * Tests the guarantee in each case, also with its properties secret, missing and unknown, and that
 * exceptions excuse from it until they expire.
 */
export function describeGuarantee(guarantee: AnyGuarantee, cases: readonly GuaranteeCase[]): void {
  judgedCases.set(guarantee.name, [...(judgedCases.get(guarantee.name) ?? []), ...cases]);
  describe(guarantee.name, () => {
    for (const guaranteeCase of cases) {
      it(guaranteeCase.it, async () => {
        const messages = await messagesOf(guarantee, guaranteeCase);
        expectMessages(messages, guaranteeCase.finds ?? []);
      });
    }
    it("judges secrets as other values", () => expectSameWithSecrets(guarantee, cases));
    it("judges what has no properties, or unknown ones", () => expectGapsJudged(guarantee, cases));
    const violation = cases.find(({ finds = [] }) => finds.length > 0);
    if (violation !== undefined) {
      it("excuses by an exception, until it expires", () => expectExceptions(guarantee, violation));
    }
  });
}

function expectMessages(messages: readonly string[], finds: readonly string[]): void {
  expect(messages, messages.join("\n")).to.have.length(finds.length);
  expectJudged(messages);
  for (const [index, message] of messages.entries()) {
    expect(message).to.contain(finds[index]);
    expect(message).not.to.contain(secretText);
  }
}

/** Who finds the same and does not say what is secret says no values at all. */
async function expectSameWithSecrets(
  guarantee: AnyGuarantee,
  cases: readonly GuaranteeCase[],
): Promise<void> {
  for (const plain of cases) {
    const diagnoses = await diagnosesOf(guarantee, plain);
    for (const variant of [withSecrets, withSecretMaps]) {
      const secret = { ...plain, resources: resourcesOf(plain).map(variant) };
      expect(await diagnosesOf(guarantee, secret), plain.it).to.deep.equal(diagnoses);
    }
  }
}

async function expectGapsJudged(
  guarantee: AnyGuarantee,
  cases: readonly GuaranteeCase[],
): Promise<void> {
  for (const whole of cases) {
    for (const variant of [withoutProperties, withUnknowns]) {
      const resources = resourcesOf(whole).flatMap(variant);
      expectJudged(await messagesOf(guarantee, { ...whole, resources }));
    }
  }
}

function expectJudged(messages: readonly string[]): void {
  expect(messages.join("\n")).not.to.contain("cannot be judged");
}

async function expectExceptions(guarantee: AnyGuarantee, violation: GuaranteeCase): Promise<void> {
  const found = await diagnosesOf(guarantee, violation);
  const urns = resourcesOf(violation)
    .map(urnOf)
    .filter((urn) => found.some((diagnosis) => diagnosis.urn === urn));
  expect(urns).not.to.deep.equal([]);
  const judgedUntil = (expiresAt: string) => {
    const exceptions = urns.map((resource) => ({ resource, reason: "a migration", expiresAt }));
    return diagnosesOf(guarantee, {
      ...violation,
      settings: { ...violation.settings, exceptions },
    });
  };
  expect(await judgedUntil("2026-01-02T00:00:00Z")).to.deep.equal([]);
  expect(await judgedUntil("2025-12-31T00:00:00Z")).to.have.length(found.length);
}

async function messagesOf(
  guarantee: AnyGuarantee,
  guaranteeCase: GuaranteeCase,
): Promise<string[]> {
  return (await diagnosesOf(guarantee, guaranteeCase)).map(({ message }) => message);
}

async function diagnosesOf(
  guarantee: AnyGuarantee,
  guaranteeCase: GuaranteeCase,
): Promise<Diagnosis[]> {
  const policies = policiesOf([guarantee], () => now);
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
