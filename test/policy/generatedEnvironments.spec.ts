import { type Policies } from "@pulumi/policy";
import { expect } from "chai";
import fc from "fast-check";
import { Mesh, type SecureEnvironmentArgs } from "secure-environment";
import { parseAddress, toCidrs } from "#components/core/addresses";
import { resolveCapacity } from "#components/environment/capacity/capacityProblems";
import { policies } from "#policy/policies/index";
import { type AnyPolicy } from "#policy/policy";
import { pulumiPoliciesOf } from "#policy/policyPack";
import { analyzedEnvironment } from "./support/analyzedEnvironment";
import { anyArguments } from "../components/support/arbitraryArguments";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  configured,
  type Diagnosis,
} from "./support/policyAnalyzer";
import { propertyRuns } from "../support/propertyRuns";

/** What nobody misses, by the end of its name, and why. All else is a wall. */
const noWalls: readonly {
  readonly names: RegExp;
  readonly reason: string;
  readonly when?: (args: SecureEnvironmentArgs) => boolean;
}[] = [
  {
    names: /-(default-deny|same-environment)$/,
    reason: "Each of the two closes both directions for every pod, which is judged by meaning.",
  },
  {
    names: /-no-system-priority$/,
    reason: "The quota for all priorities but one refuses those of the system too.",
    when: ({ priorityClass }) => priorityClass !== undefined,
  },
  {
    names: /-(dns|hole-.*|mesh-.*)$/,
    reason: "It opens something: without it less is open.",
  },
  {
    names: /-(MeshTLSAuthentication|NetworkAuthentication|Server|AuthorizationPolicy-(hole|same))/,
    reason: "It says who may speak where the mesh denies by default.",
    when: ({ mesh }) => mesh === Mesh.Linkerd,
  },
  {
    names: /-(AuthorizationPolicy|PeerAuthentication)-hole-/,
    reason: "It opens something: without it less is open.",
  },
  {
    names: /-(viewer|developer|debugger|secret-reader|deployer|verifier)s?$/,
    reason: "It lets somebody in.",
  },
  {
    names: /-(deployer-account|image-registries)$/,
    reason: "It is there for somebody who is let in.",
  },
  {
    names: /-(required-priority|suffix)$/,
    reason: "Only the arguments say that it was asked for.",
  },
];
/** Before anything that is generated expires. */
const now = () => "1999-12-31T00:00:00Z";

describe("any environment with the whole policy pack in front of it", function () {
  const runs = propertyRuns(40);
  this.timeout(300_000 + runs * 2_000);

  it("has nothing to object to, previewed or updated, until a wall is gone", async () => {
    await fc.assert(
      fc.asyncProperty(anyArguments(), fc.boolean(), async ({ args, origin }, isPreview) => {
        const run = { stack: origin.stack, project: origin.pulumiProject, isPreview };
        const resources = await analyzedEnvironment(args, run);
        const objections = await objectionsTo(resources, args);
        expect(objections, objections.join("\n")).to.deep.equal([]);
        for (const wall of resources.filter((resource) => isWall(resource, args))) {
          const left = resources.filter((resource) => resource !== wall);
          const missing = await diagnosesOf(left, args, stackPolicies);
          expect(missing, `${wall.type} ${wall.name} is not missed`).not.to.deep.equal([]);
        }
      }),
      { numRuns: runs },
    );
  });
});

const stackPolicies = policies.filter((policy) => "judgeStack" in policy);
const resourcePolicies = policies.filter((policy) => "judge" in policy);

/** Components are no objects. */
function isWall({ name, provider }: AnalyzedResource, args: SecureEnvironmentArgs): boolean {
  const isException = noWalls.some(
    ({ names, when = () => true }) => names.test(name) && when(args),
  );
  return provider !== undefined && !isException;
}

/** The mandatory messages about an environment. */
async function objectionsTo(
  resources: readonly AnalyzedResource[],
  args: SecureEnvironmentArgs,
): Promise<string[]> {
  const pulumiPolicies = configuredPolicies(resourcePolicies, args);
  const diagnoses = await Promise.all([
    diagnosesOf(resources, args, stackPolicies),
    ...resources.map((resource) => analyzeResource(pulumiPolicies, resource)),
  ]);
  return diagnoses
    .flat()
    .filter(({ isAdvisory }) => !isAdvisory)
    .map(({ policy, message }) => `${policy}: ${message}`);
}

function diagnosesOf(
  resources: readonly AnalyzedResource[],
  args: SecureEnvironmentArgs,
  judges: readonly AnyPolicy[],
): Promise<Diagnosis[]> {
  return analyzeStack(configuredPolicies(judges, args), resources);
}

/** Each policy configured for what was asked of the environment. */
function configuredPolicies(judges: readonly AnyPolicy[], args: SecureEnvironmentArgs): Policies {
  const settings = Object.entries(settingsFor(args));
  return judges.flatMap((policy) => {
    const own = settings.filter(([key]) => Object.hasOwn(policy.settings, key));
    return configured(pulumiPoliciesOf([policy], now), Object.fromEntries(own));
  });
}

/** What a platform team would configure that wants environments such as this one. */
function settingsFor(args: SecureEnvironmentArgs): Readonly<Record<string, unknown>> {
  const { dns, domain, permanent, platform } = args;
  return {
    ceilings: resolveCapacity(args).quota,
    platform: platform === true,
    profile: permanent === true ? "permanent" : "review",
    ...(domain === undefined ? {} : { domain }),
    ...(dns?.port === undefined ? {} : { resolverPorts: [dns.port] }),
    ...(dns?.addresses === undefined ? {} : { resolverCidrs: resolversOf(dns.addresses) }),
  };
}

/** Beside what was given, the addresses that the profiles themselves open. */
function resolversOf(addresses: readonly string[]): string[] {
  const ranges = addresses.flatMap((address) => parseAddress(address) ?? []);
  return [...toCidrs(ranges), "169.254.20.10/32", "169.254.169.254/32"];
}
