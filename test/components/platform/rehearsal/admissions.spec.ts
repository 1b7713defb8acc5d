import { expect } from "chai";
import { labels } from "#components/core/labels";
import { type KubernetesObject } from "#components/core/plan";
import { admissions } from "#components/platform/rehearsal/admissions";
import { validPlatform } from "#components/platform/validPlatform";
import { producedObjects } from "../../../e2e/support/producedObjects";

describe("what has to be admitted", () => {
  const args = { projects: [{ name: "shop", pipelineGroup: "ci-shop" }, { name: "blog" }] };

  it("is what an environment of the project consists of", () => {
    const objects = producedObjects({
      args: { project: "shop", platform: true },
      origin: { pulumiProject: "review", stack: "review-login" },
    });
    const made = objects
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      .filter((object) => object !== "ServiceAccount default");
    const tried = admissions(validPlatform(args))
      .filter(({ isPartOfEach, as }) => isPartOfEach && as.groups.includes(groupOf("shop")))
      .map(({ path, object }) => `${kindOf(path)} ${nameOf(object)}`);
    expect(tried.map((object) => object.replace("review-shop--rehearsal", "NAME"))).to.have.members(
      made.map((object) => object.replace("review-shop-login", "NAME")),
    );
  });

  it("is tried once for each project, with an application by its deployer", () => {
    const users = admissions(validPlatform(args)).map(({ as }) => as.user);
    expect(new Set(users)).to.deep.equal(
      new Set([
        "secure-environment-rehearsed-pipeline",
        "system:serviceaccount:review-shop--rehearsal:deployer",
        "system:serviceaccount:review-blog--rehearsal:deployer",
      ]),
    );
  });

  it("names a pool where there is one", () => {
    const named = admissions(
      validPlatform({ ...args, nodePools: ["review"], requireNodePool: true }),
    )
      .filter(({ path }) => path === "/api/v1/namespaces")
      .map(({ object }) => (object as KubernetesObject).metadata.labels?.[labels.nodePool]);
    expect(named).to.deep.equal(["review", "review"]);
  });
});

function groupOf(project: string): string {
  return `system:serviceaccounts:secure-environment-pipeline-${project}`;
}

function nameOf(object: object): string {
  return (object as { metadata: { name: string } }).metadata.name;
}

const kinds: Readonly<Record<string, string>> = {
  namespaces: "Namespace",
  flowschemas: "FlowSchema",
  resourcequotas: "ResourceQuota",
  limitranges: "LimitRange",
  networkpolicies: "NetworkPolicy",
  serviceaccounts: "ServiceAccount",
  rolebindings: "RoleBinding",
};

function kindOf(path: string): string | undefined {
  return kinds[path.split("/").at(-1) ?? ""];
}
