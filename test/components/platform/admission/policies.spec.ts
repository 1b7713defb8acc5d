import { expect } from "chai";
import { type ReviewPlatformArgs } from "#components/platform/platformArgs";
import { validPlatform } from "#components/platform/validPlatform";
import { platformPolicies } from "#components/platform/admission/policies";

const plain: ReviewPlatformArgs = { projects: [{ name: "shop" }] };
const full: ReviewPlatformArgs = {
  projects: [{ name: "shop" }, { name: "blog", pipelineGroup: "blog-pipelines" }],
  domain: "review.example.com",
  nodePools: ["review"],
  alwaysPullImages: true,
  meshes: ["linkerd", "istio", "ambient"],
  clusterNetwork: { pods: ["10.244.0.0/16"], services: ["10.96.0.0/16"], nodes: ["10.0.0.0/24"] },
  protected: { namespaces: ["payments"], cidrs: ["203.0.113.0/24"] },
};

describe("the admission policies of a platform", () => {
  for (const [title, args] of Object.entries({ plain, full })) {
    describe(title, () => {
      const policies = platformPolicies(validPlatform(args));

      it("have names of their own", () => {
        const names = policies.map(({ name }) => name);
        expect(new Set(names).size).to.equal(names.length);
        names.forEach((name) => expect(name).to.match(/^secure-environment-[a-z-]+$/));
      });

      it("fail closed, and deny", () => {
        for (const { name, policy, binding } of policies) {
          expect(policy, name).to.include({ failurePolicy: "Fail" });
          expect(binding, name).to.deep.include({ policyName: name, validationActions: ["Deny"] });
        }
      });

      it("say in every refusal what is wrong, in a sentence without a gap", () => {
        for (const { validations } of policies.map(({ policy }) => policy as Policy)) {
          validations.forEach(({ message, reason }) => {
            expect(message).to.match(/^[A-Z].*\.$/);
            expect(message).not.to.match(/undefined|: \.|: ,/);
            expect(reason).to.equal("Forbidden");
          });
        }
      });
    });
  }

  it("look at review environments by their marker, or at pipelines, or at namespaces", () => {
    for (const { name, policy, binding } of platformPolicies(validPlatform(full))) {
      const { matchConditions = [], matchConstraints } = policy as Policy;
      const isFence = matchConditions.some((one) => one.name === "sent-by-a-pipeline");
      const isScoped = JSON.stringify(binding).includes('"secure-environment/kind":"review"');
      const isAboutNamespaces = matchConstraints.resourceRules.every(({ resources }) =>
        resources.every((resource) => resource.startsWith("namespaces")),
      );
      expect(isFence || isScoped || isAboutNamespaces, name).to.equal(true);
    }
  });

  it("let environments pull images anew only where an administrator asked for it", () => {
    const names = platformPolicies(validPlatform(plain)).map(({ name }) => name);
    expect(names).not.to.include("secure-environment-pods-pull-their-images");
    expect(platformPolicies(validPlatform(full)).map(({ name }) => name)).to.include(
      "secure-environment-pods-pull-their-images",
    );
  });
});

interface Policy {
  readonly matchConditions?: readonly { readonly name: string }[];
  readonly matchConstraints: {
    readonly resourceRules: readonly { readonly resources: readonly string[] }[];
  };
  readonly validations: readonly { readonly message: string; readonly reason: string }[];
}
