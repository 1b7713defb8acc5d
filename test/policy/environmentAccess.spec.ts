import { expect } from "chai";
import {
  AccessPreset,
  EnvironmentSize,
  Mesh,
  type SecureEnvironmentArgs,
} from "secure-environment";
import { bindingsAreNarrow } from "#policy/policies/bindings";
import { imagesComeFromAllowedRegistries } from "#policy/policies/images";
import { namespacesEnforcePodSecurity } from "#policy/policies/podSecurity";
import { containersHaveResources } from "#policy/policies/resources";
import { rolesAreNarrow } from "#policy/policies/roles";
import { noLastingTokens, podsHaveNoTokens } from "#policy/policies/tokens";
import { podsAreRestricted } from "#policy/policies/workloads";
import { type AnyPolicy } from "#policy/policy";
import { pulumiPoliciesOf } from "#policy/policyPack";
import { analyzedEnvironment } from "./support/analyzedEnvironment";
import { type MockRun } from "../components/support/mocks";
import {
  type AnalyzedResource,
  analyzeResource,
  analyzeStack,
  type Diagnosis,
} from "./support/policyAnalyzer";

const policies: readonly AnyPolicy[] = [
  bindingsAreNarrow,
  containersHaveResources,
  imagesComeFromAllowedRegistries,
  namespacesEnforcePodSecurity,
  noLastingTokens,
  podsAreRestricted,
  podsHaveNoTokens,
  rolesAreNarrow,
];
const now = () => "2026-01-01T00:00:00Z";

const presets = Object.values(AccessPreset).filter((preset) => preset !== AccessPreset.Deploy);
const everyone = presets.flatMap((preset) => [
  { group: `${preset}-users`, preset },
  { user: `${preset}@example.com`, preset, readSecrets: true },
]);

/** Everything that changes the objects these policies look at. */
const variants: Readonly<Record<string, SecureEnvironmentArgs>> = {
  "no argument": {},
  "a developer group": { developerGroup: "shop-team" },
  "every access": { access: everyone },
  "nobody's access": { access: [] },
  "the platform's roles": { platform: true, project: "shop", access: everyone },
  "an image registry": {
    imageRegistries: [{ host: "registry.example.com", username: "pull", password: "hunter2" }],
  },
  "a unique suffix": { uniqueSuffix: true, access: everyone },
  "a node pool": { nodePool: { name: "review" } },
  "a priority class": { priorityClass: "review" },
  "a mesh": { mesh: Mesh.Istio },
  "what describes it": { branch: "login", owner: "jane", url: "https://login.example.com/" },
  "a size": { size: EnvironmentSize.Large, quota: { pods: "5" } },
};

describe("an environment with a policy pack in front of it", () => {
  for (const [variant, args] of Object.entries(variants)) {
    for (const isPreview of [true, false]) {
      it(`is let through with ${variant}${isPreview ? " in a preview" : ""}`, async () => {
        const found = await violationsOf(args, { isPreview });
        expect(found.map(({ message }) => message)).to.deep.equal([]);
      });
    }
  }

  it("is let through when it is permanent", async () => {
    const found = await violationsOf({ permanent: true }, { stack: "staging" });
    expect(found).to.deep.equal([]);
  });

  it("runs pods that its own limit range completes", async () => {
    const resources = await analyzedEnvironment({ uniqueSuffix: true }, { isPreview: true });
    const quota = resources.find(({ name }) => name === "env-quota");
    const pod: AnalyzedResource = {
      type: "kubernetes:core/v1:Pod",
      name: "pod",
      properties: {
        metadata: (quota?.properties as { metadata: object }).metadata,
        spec: { containers: [{ name: "app", image: "app" }] },
      },
      dependencies: resources.filter(isNamespace),
    };
    const unlimited = resources.filter(({ name }) => name !== "env-limits");
    expect(await judged(containersHaveResources, [...resources, pod])).to.deep.equal([]);
    expect(await judged(containersHaveResources, [...unlimited, pod])).to.have.length(1);
  });
});

function isNamespace({ type }: AnalyzedResource): boolean {
  return type === "kubernetes:core/v1:Namespace";
}

async function violationsOf(args: SecureEnvironmentArgs, run: MockRun): Promise<Diagnosis[]> {
  const resources = await analyzedEnvironment(args, run);
  expect(resources.filter(isNamespace)).to.have.length(1);
  const found = policies.map((policy) => judged(policy, resources));
  return (await Promise.all(found)).flat();
}

async function judged(
  policy: AnyPolicy,
  resources: readonly AnalyzedResource[],
  settings: object = {},
): Promise<Diagnosis[]> {
  const pulumiPolicies = pulumiPoliciesOf([policy], now);
  if ("judgeStack" in policy) {
    return analyzeStack(pulumiPolicies, resources, settings);
  }
  const found = resources.map((resource) => analyzeResource(pulumiPolicies, resource, settings));
  return (await Promise.all(found)).flat();
}
