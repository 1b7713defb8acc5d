import { expect } from "chai";
import { type AnyPolicy } from "#policy/policy";
import { pulumiPoliciesOf } from "#policy/policyPack";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  type Diagnosis,
  urnOf,
} from "./policyAnalyzer";
import { withoutProperties, withSecretMaps, withSecrets, withUnknowns } from "./resourceVariants";

/** What a policy says of resources, through the policy SDK's own functions. */
export interface PolicyCase {
  /** What the policy does here, such as `refuses a Service of the type NodePort`. */
  readonly it: string;
  /** One resource, or a stack of them. */
  readonly resources: AnalyzedResource | readonly AnalyzedResource[];
  readonly settings?: object;
  /** What each message has in it, in order. None: the policy is kept. */
  readonly finds?: readonly string[];
}

/** A text that stands for somebody's secret: no message may have it. */
export const secretText = "hunter2";

/** The present instant of all cases. */
const now = "2026-01-01T00:00:00Z";

/** The cases of all policies, by name, as far as their specs are loaded. */
export const judgedCases = new Map<string, readonly PolicyCase[]>();

/**
 * Tests the policy in each case, also with its properties secret, missing and unknown, and that
 * exceptions excuse from it until they expire.
 */
export function describePolicy(policy: AnyPolicy, cases: readonly PolicyCase[]): void {
  judgedCases.set(policy.name, [...(judgedCases.get(policy.name) ?? []), ...cases]);
  describe(policy.name, () => {
    for (const policyCase of cases) {
      it(policyCase.it, async () => {
        const messages = await messagesOf(policy, policyCase);
        expectMessages(messages, policyCase.finds ?? []);
      });
    }
    it("judges secrets as other values", () => expectSameWithSecrets(policy, cases));
    it("judges what has no properties, or unknown ones", () => expectGapsJudged(policy, cases));
    const refused = cases.find(({ finds = [] }) => finds.length > 0);
    if (refused !== undefined) {
      it("excuses by an exception, until it expires", () => expectExceptions(policy, refused));
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
  policy: AnyPolicy,
  cases: readonly PolicyCase[],
): Promise<void> {
  for (const plain of cases) {
    const diagnoses = await diagnosesOf(policy, plain);
    for (const variant of [withSecrets, withSecretMaps]) {
      const secret = { ...plain, resources: resourcesOf(plain).map(variant) };
      expect(await diagnosesOf(policy, secret), plain.it).to.deep.equal(diagnoses);
    }
  }
}

async function expectGapsJudged(policy: AnyPolicy, cases: readonly PolicyCase[]): Promise<void> {
  for (const whole of cases) {
    for (const variant of [withoutProperties, withUnknowns]) {
      const resources = resourcesOf(whole).flatMap(variant);
      expectJudged(await messagesOf(policy, { ...whole, resources }));
    }
  }
}

function expectJudged(messages: readonly string[]): void {
  expect(messages.join("\n")).not.to.contain("cannot be judged");
}

async function expectExceptions(policy: AnyPolicy, refused: PolicyCase): Promise<void> {
  const found = await diagnosesOf(policy, refused);
  const urns = resourcesOf(refused)
    .map(urnOf)
    .filter((urn) => found.some((diagnosis) => diagnosis.urn === urn));
  expect(urns).not.to.deep.equal([]);
  const judgedUntil = (expiresAt: string) => {
    const exceptions = urns.map((resource) => ({ resource, reason: "a migration", expiresAt }));
    return diagnosesOf(policy, {
      ...refused,
      settings: { ...refused.settings, exceptions },
    });
  };
  expect(await judgedUntil("2026-01-02T00:00:00Z")).to.deep.equal([]);
  expect(await judgedUntil("2025-12-31T00:00:00Z")).to.have.length(found.length);
}

async function messagesOf(policy: AnyPolicy, policyCase: PolicyCase): Promise<string[]> {
  return (await diagnosesOf(policy, policyCase)).map(({ message }) => message);
}

async function diagnosesOf(policy: AnyPolicy, policyCase: PolicyCase): Promise<Diagnosis[]> {
  const pulumiPolicies = pulumiPoliciesOf([policy], () => now);
  const resources = resourcesOf(policyCase);
  if ("judgeStack" in policy) {
    return analyzeStack(pulumiPolicies, resources, policyCase.settings);
  }
  const diagnoses = resources.map((resource) =>
    analyzeResource(pulumiPolicies, resource, policyCase.settings),
  );
  return (await Promise.all(diagnoses)).flat();
}

function resourcesOf({ resources }: PolicyCase): readonly AnalyzedResource[] {
  return [resources].flat();
}
