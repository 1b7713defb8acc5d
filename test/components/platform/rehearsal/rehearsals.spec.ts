import { expect } from "chai";
import { slug } from "secure-environment/core";
import { platformPolicies } from "#components/platform/admission/policies";
import { rehearsalNamespace } from "#components/platform/rehearsal/namespace";
import { validPlatform } from "#components/platform/validPlatform";
import { rehearsals } from "#components/platform/rehearsal/rehearsals";

const settings = validPlatform({
  projects: [{ name: "shop", pipelineGroup: "ci-shop" }, { name: "blog" }],
});

describe("the rehearsals", () => {
  it("try every policy of the fence as every pipeline, by each of its groups", () => {
    const fence = platformPolicies(settings)
      .map(({ name }) => name)
      .filter((name) => name.startsWith("secure-environment-pipelines-"));
    const groups = [
      "system:serviceaccounts:secure-environment-pipeline-shop",
      "ci-shop",
      "system:serviceaccounts:secure-environment-pipeline-blog",
    ];
    expect(fence).not.to.deep.equal([]);
    const tried = rehearsals(settings).map(({ group, refusedBy }) => `${group} ${refusedBy}`);
    expect(tried).to.include.members(
      groups.flatMap((group) => fence.map((policy) => `${group} ${policy}`)),
    );
  });

  it("try the plugins that keep limit ranges and quotas, in each project", () => {
    const plugins = rehearsals(settings)
      .filter(({ refusedBy }) => !refusedBy.startsWith("secure-environment-"))
      .map(({ refusedBy, path }) => `${refusedBy} ${path.replace(/.*namespaces\//, "")}`);
    expect(plugins).to.deep.equal([
      "LimitRanger review-shop--rehearsal/persistentvolumeclaims",
      "ResourceQuota review-shop--rehearsal/leases",
      "LimitRanger review-blog--rehearsal/persistentvolumeclaims",
      "ResourceQuota review-blog--rehearsal/leases",
    ]);
  });

  it("take place in a namespace that no branch of the project can have", () => {
    expect(rehearsalNamespace("shop")).to.equal("review-shop--rehearsal");
    for (const branch of ["rehearsal", "-rehearsal", "/rehearsal"]) {
      expect(`review-shop-${slug(branch)}`).not.to.equal(rehearsalNamespace("shop"));
    }
  });
});
