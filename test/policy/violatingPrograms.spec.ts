import { type EnforcementLevel, type Policies } from "@pulumi/policy";
import { expect } from "chai";
import { policies } from "#policy/policies/index";
import { pulumiPolicies } from "#policy/pulumiPolicies";
import { analyzedEnvironment } from "./support/analyzedEnvironment";
import {
  analyzeResource,
  analyzeStack,
  type AnalyzedResource,
  configured,
} from "./support/policyAnalyzer";
import { type RawResource } from "./support/rawProgram";
import { violatingPrograms } from "./support/violatingPrograms";

describe("programs of raw objects that violate one policy", () => {
  let walled: readonly RawResource[];

  before(async () => {
    const args = { expiresAt: "2027-01-31T18:00:00Z" };
    const resources = await analyzedEnvironment(args, { stack: "review-login" });
    walled = resources
      .filter(({ provider }) => provider !== undefined)
      .map(({ type, name, properties }) => ({ type, name, properties }));
  });

  it("violate every policy", () => {
    expect(violatingPrograms.length).to.be.at.least(50);
    const tried = new Set(violatingPrograms.map(({ policy }) => policy));
    expect([...tried]).to.have.members(policies.map(({ name }) => name));
  });

  it("keep all policies without their fault", async () => {
    expect(await violated(walled)).to.deep.equal([]);
  });

  for (const { fault, policy, isAlone = false, configuration, change } of violatingPrograms) {
    it(`violate ${policy} by ${fault}`, async () => {
      const found = await violated(change(walled), configuration);
      expect(found).to.include(policy);
      if (isAlone) {
        expect(new Set(found)).to.deep.equal(new Set([policy]));
      }
    });
  }
});

type Policy = Policies[number];
type Configuration = Readonly<Record<string, string | object>>;

/** The mandatory policies that are violated, as the engine asks the pack. */
async function violated(
  program: readonly RawResource[],
  configuration: Configuration = {},
): Promise<string[]> {
  const resources = analyzed(program);
  const configurable = pulumiPolicies.flatMap((policy) =>
    configured([withLevel(policy, configuration)], settingsOf(policy, configuration)),
  );
  const ofResources = resources.map((one) => analyzeResource(configurable, one));
  const ofStack = analyzeStack(configurable, resources);
  const found = [...(await Promise.all(ofResources)).flat(), ...(await ofStack)];
  return found.filter(({ isAdvisory }) => !isAdvisory).map(({ policy }) => policy);
}

/** In a configuration a text is an enforcement level, and an object has a policy's own settings. */
function withLevel(policy: Policy, configuration: Configuration): Policy {
  const level = configuration[policy.name];
  return typeof level === "string"
    ? { ...policy, enforcementLevel: level as EnforcementLevel }
    : policy;
}

function settingsOf({ name }: Policy, configuration: Configuration): object {
  const settings = configuration[name];
  return typeof settings === "object" ? settings : {};
}

/** A provider is a resource of its own, which the others name. */
function analyzed(program: readonly RawResource[]): AnalyzedResource[] {
  const made = new Map<string, AnalyzedResource>();
  for (const { dependsOn = [], provider = {}, ...resource } of program) {
    const dependencies = dependsOn.flatMap((name) => made.get(name) ?? []);
    made.set(resource.name, { ...resource, provider, dependencies });
  }
  return [...made.values()];
}
