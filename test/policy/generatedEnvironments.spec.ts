import { expect } from "chai";
import fc from "fast-check";
import { type SecureEnvironmentArgs } from "secure-environment";
import { resolveCapacity } from "#components/capacity/capacityArguments";
import { guarantees } from "#policy/guarantees/index";
import { type AnyGuarantee, policiesOf } from "#policy/policyPack";
import { analyzedEnvironment } from "../support/analyzedEnvironment";
import { anyArguments } from "../support/arbitraryArguments";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  urnOf,
} from "../support/policyAnalyzer";
import { propertyRuns } from "../support/propertyRuns";

/** Walls that must be there, by the guarantee that misses them. */
const walls: Readonly<Record<string, RegExp>> = {
  "environment-has-quota": /::kubernetes:core\/v1:ResourceQuota::.*-quota$/,
  "environment-has-limit-range": /::kubernetes:core\/v1:LimitRange::/,
  "environment-denies-by-default": /::kubernetes:networking\.k8s\.io\/v1:NetworkPolicy::/,
};
const surroundings = { now: () => "2026-01-01T00:00:00Z", tell: () => undefined };

describe("any environment with the whole policy pack in front of it", function () {
  const runs = propertyRuns(40);
  this.timeout(120_000 + runs * 2_000);

  it("has nothing to object to, previewed or updated, until a wall is gone", async () => {
    await fc.assert(
      fc.asyncProperty(anyArguments(), fc.boolean(), async ({ args, origin }, isPreview) => {
        const run = { stack: origin.stack, project: origin.pulumiProject, isPreview };
        const resources = await analyzedEnvironment(args, run);
        const objections = await objectionsTo(resources, args);
        expect(objections, objections.join("\n")).to.deep.equal([]);
        for (const [name, wall] of Object.entries(walls)) {
          const left = resources.filter((resource) => !wall.test(urnOf(resource)));
          expect(left).to.have.length.below(resources.length);
          const guarantee = guarantees.filter((candidate) => candidate.name === name);
          expect(await objectionsTo(left, args, guarantee), name).not.to.deep.equal([]);
        }
      }),
      { numRuns: runs },
    );
  });
});

/** The mandatory messages, with each policy configured for what was asked of the environment. */
async function objectionsTo(
  resources: readonly AnalyzedResource[],
  args: SecureEnvironmentArgs,
  judges: readonly AnyGuarantee[] = guarantees,
): Promise<string[]> {
  const settings = settingsFor(args);
  const diagnoses = judges.map((guarantee) => {
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
