import { expect } from "chai";
import { slug } from "secure-environment/names";
import { platformPolicies } from "#components/platform/policies";
import { rehearsalNamespace } from "#components/platform/rehearsalNamespace";
import { rehearsals } from "#components/platform/rehearsals";

const args = { projects: [{ name: "shop", pipelineGroup: "ci-shop" }, { name: "blog" }] };

describe("the rehearsals", () => {
  it("try every policy of the fence as every pipeline, by each of its groups", () => {
    const fence = platformPolicies(args)
      .map(({ name }) => name)
      .filter((name) => name.startsWith("secure-environment-pipelines-"));
    const groups = [
      "system:serviceaccounts:secure-environment-pipeline-shop",
      "ci-shop",
      "system:serviceaccounts:secure-environment-pipeline-blog",
    ];
    expect(fence).not.to.deep.equal([]);
    expect(rehearsals(args).map(({ group, policy }) => `${group} ${policy}`)).to.have.members(
      groups.flatMap((group) => fence.map((policy) => `${group} ${policy}`)),
    );
  });

  it("take place in a namespace that no branch of the project can have", () => {
    expect(rehearsalNamespace("shop")).to.equal("review-shop--rehearsal");
    for (const branch of ["rehearsal", "-rehearsal", "/rehearsal"]) {
      expect(`review-shop-${slug(branch)}`).not.to.equal(rehearsalNamespace("shop"));
    }
  });
});
