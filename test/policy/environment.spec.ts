import { type SecureEnvironmentArgs } from "secure-environment";
import * as random from "@pulumi/random";
import { expect } from "chai";
import { flowSchemasAreTheEnvironmentsOwn } from "#policy/policies/flowSchemas";
import { namespacesAreNotProtected } from "#policy/policies/names";
import { hostsAreTheEnvironmentsOwn } from "#policy/policies/hosts";
import { servicesStayInside } from "#policy/policies/services";
import { objectsAreInNamespaces, objectsAreVisible, typesAreTrue } from "#policy/policies/types";
import { objectsAreNotPatched } from "#policy/policies/patches";
import { providersOnlyMakeObjects } from "#policy/policies/providers";
import { wallsFollowTheirProgram } from "#policy/policies/wallChanges";
import { pulumiPoliciesOf } from "#policy/policyPack";
import { analyzedEnvironment } from "./support/analyzedEnvironment";
import { type MockRun } from "../components/support/mocks";
import { analyzeResource } from "./support/policyAnalyzer";

const pulumiPolicies = pulumiPoliciesOf(
  [
    typesAreTrue,
    objectsAreVisible,
    objectsAreInNamespaces,
    objectsAreNotPatched,
    providersOnlyMakeObjects,
    wallsFollowTheirProgram,
    servicesStayInside,
    hostsAreTheEnvironmentsOwn,
    flowSchemasAreTheEnvironmentsOwn,
    namespacesAreNotProtected,
  ],
  () => "2026-01-01T00:00:00Z",
);

const holes: SecureEnvironmentArgs["holes"] = [
  {
    name: "web",
    direction: "ingress",
    peer: "ingressController",
    ports: [{ port: 8080 }],
    reason: "users",
  },
  {
    name: "metrics",
    direction: "ingress",
    peer: "monitoring",
    meshed: false,
    podLabels: { app: "shop" },
    ports: [{ port: 9090 }],
    reason: "metrics",
  },
];
const imageRegistries = [{ host: "r.example.com", username: "jane", password: "x" }];

const environments: readonly (readonly [string, () => SecureEnvironmentArgs, MockRun?])[] = [
  ["the smallest", () => ({})],
  ["one of a project", () => ({ project: "shop", domain: "review.example.com" })],
  ["one with a random suffix", () => ({ uniqueSuffix: true, project: "shop", imageRegistries })],
  ["one with holes in Linkerd", () => ({ mesh: "linkerd", meshPorts: [8080], holes })],
  ["one with holes in Istio", () => ({ mesh: "istio", holes })],
  ["one with holes in Istio's ambient mode", () => ({ mesh: "ambient", holes })],
  ["one of a platform", () => ({ platform: true, project: "shop", nodePool: { dedicated: true } })],
  [
    "one of a platform with a random suffix",
    () => ({ platform: true, project: "shop", uniqueSuffix: true }),
  ],
  [
    "a permanent one of a platform",
    () => ({ platform: true, project: "shop", permanent: true }),
    { stack: "demo" },
  ],
  [
    "one that is described by what is known later",
    () => ({ owner: new random.RandomString("unknown", { length: 6 }).result }),
  ],
  ["a permanent one", () => ({ permanent: true }), { stack: "demo" }],
];

describe("a SecureEnvironment", () => {
  for (const [title, args, run] of environments) {
    for (const isPreview of [true, false]) {
      it(`has nothing to object to: ${title}, ${isPreview ? "previewed" : "updated"}`, async () => {
        const resources = await analyzedEnvironment(args, { ...run, isPreview });
        expect(resources.length).to.be.above(10);
        const diagnoses = await Promise.all(
          resources.map((resource) => analyzeResource(pulumiPolicies, resource)),
        );
        expect(diagnoses.flat().map(({ message }) => message)).to.deep.equal([]);
      });
    }
  }

  it("may be permanent in a protected name only with the profile for it", async () => {
    const resources = await analyzedEnvironment(() => ({ permanent: true }), { stack: "staging" });
    const found = async (settings: object) => {
      const only = pulumiPoliciesOf([namespacesAreNotProtected], () => "2026-01-01T00:00:00Z");
      return (
        await Promise.all(resources.map((resource) => analyzeResource(only, resource, settings)))
      ).flat();
    };
    expect(await found({ profile: "permanent" })).to.deep.equal([]);
    expect(await found({})).to.have.length.above(5);
  });
});
