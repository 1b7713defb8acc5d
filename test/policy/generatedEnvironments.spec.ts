import { expect } from "chai";
import fc from "fast-check";
import { type SecureEnvironmentArgs } from "secure-environment";
import { resolveCapacity } from "#components/capacity/capacityArguments";
import { guarantees } from "#policy/guarantees/index";
import { policiesOf } from "#policy/policyPack";
import { analyzedEnvironment } from "../support/analyzedEnvironment";
import { anyArguments } from "../support/arbitraryArguments";
import { type AnalyzedResource, analyzeResource, analyzeStack } from "../support/policyAnalyzer";
import { propertyRuns } from "../support/propertyRuns";

const surroundings = { now: () => "2026-01-01T00:00:00Z", tell: () => undefined };

describe("any environment with the whole policy pack in front of it", function () {
  const runs = propertyRuns(40);
  this.timeout(60_000 + runs * 1_000);

  it("has nothing to object to, previewed or updated", async () => {
    await fc.assert(
      fc.asyncProperty(anyArguments(), fc.boolean(), async ({ args, origin }, isPreview) => {
        const run = { stack: origin.stack, project: origin.pulumiProject, isPreview };
        const resources = await analyzedEnvironment(args, run);
        const objections = await objectionsTo(resources, args);
        expect(objections, objections.join("\n")).to.deep.equal([]);
      }),
      { numRuns: runs },
    );
  });
});

/** The mandatory messages, with each policy configured for what was asked of the environment. */
async function objectionsTo(
  resources: readonly AnalyzedResource[],
  args: SecureEnvironmentArgs,
): Promise<string[]> {
  const settings = settingsFor(args);
  const diagnoses = guarantees.map((guarantee) => {
    const policies = policiesOf([guarantee], surroundings);
    const own = Object.entries(settings).filter(([key]) => Object.hasOwn(guarantee.settings, key));
    return "judge" in guarantee
      ? Promise.all(
          resources.map((resource) => analyzeResource(policies, resource, Object.fromEntries(own))),
        )
      : analyzeStack(policies, resources, Object.fromEntries(own));
  });
  return (await Promise.all(diagnoses))
    .flat(2)
    .filter(({ isAdvisory }) => !isAdvisory)
    .map(({ policy, message }) => `${policy}: ${message}`);
}

/** What a platform team would configure that wants environments such as this one. */
function settingsFor(args: SecureEnvironmentArgs): Readonly<Record<string, unknown>> {
  const { clusterRoles, domain, permanent, platform } = args;
  return {
    ceilings: resolveCapacity(args).quota,
    profile: permanent === true ? "permanent" : "review",
    ...(clusterRoles === undefined ? {} : { clusterRoles }),
    ...(domain === undefined ? {} : { domain }),
    ...(platform === undefined ? {} : { platform }),
  };
}
