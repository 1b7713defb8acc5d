import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { PipelineAccess } from "secure-environment";
import { pipelineBindings } from "#components/platform/rbac/pipelineBindings";
import { pipelineRules } from "#components/platform/rbac/clusterRoles";
import { MockEngine } from "../support/mocks";

const projects = [{ name: "shop", pipelineGroup: "oidc:shop/ci" }, { name: "blog" }];
const apiGroup = "rbac.authorization.k8s.io";

describe("the access of pipelines", () => {
  it("binds each identity of a pipeline to the one ClusterRole, and nobody else", async () => {
    const engine = await MockEngine.start();
    new PipelineAccess("pipelines", { projects, fence: ["fence"] });
    await engine.finished();
    const account = (project: string) => ({
      kind: "ServiceAccount",
      name: "pipeline",
      namespace: `secure-environment-pipeline-${project}`,
    });
    const bound = engine.resources
      .filter(({ type }) => type.endsWith(":ClusterRoleBinding"))
      .map(({ inputs }) => [inputs.roleRef, inputs.subjects]);
    const roleRef = { apiGroup, kind: "ClusterRole", name: "secure-environment-pipeline" };
    expect(bound).to.have.deep.members([
      [roleRef, [account("shop")]],
      [roleRef, [{ apiGroup, kind: "Group", name: "oidc:shop/ci" }]],
      [roleRef, [account("blog")]],
    ]);
    expect(engine.resource("pipelines-role").inputs.rules).to.deep.equal(pipelineRules([]));
  });

  it("lets each pipeline have its Leases, in its own namespace, and nothing else there", async () => {
    const engine = await MockEngine.start();
    new PipelineAccess("pipelines", { projects, fence: ["fence"] });
    await engine.finished();
    const { metadata, rules } = engine.resource("pipelines-shop-leases").inputs;
    const namespace = "secure-environment-pipeline-shop";
    expect(metadata).to.deep.equal({ name: "secure-environment-leases", namespace });
    expect(rules).to.deep.equal([
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["create"] },
      {
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        resourceNames: ["secure-environment-reap", "secure-environment-budget"],
        verbs: ["get", "update"],
      },
    ]);
    const bound = engine.resources
      .filter(({ type }) => type.endsWith(":RoleBinding"))
      .map(({ inputs }) => inputs as Record<string, Record<string, unknown>>)
      .map((inputs) => [inputs.metadata?.namespace, inputs.roleRef?.name, inputs.subjects]);
    const blog = "secure-environment-pipeline-blog";
    expect(bound).to.have.deep.members([
      [
        namespace,
        "secure-environment-leases",
        [{ kind: "ServiceAccount", name: "pipeline", namespace }],
      ],
      [namespace, "secure-environment-leases", [{ apiGroup, kind: "Group", name: "oidc:shop/ci" }]],
      [
        blog,
        "secure-environment-leases",
        [{ kind: "ServiceAccount", name: "pipeline", namespace: blog }],
      ],
    ]);
  });

  it("waits for the fence", async () => {
    const engine = await MockEngine.start();
    let close: (fence: string[]) => void = () => undefined;
    const fence = pulumi.output(new Promise<string[]>((resolve) => (close = resolve)));
    new PipelineAccess("pipelines", { projects, fence });
    await engine.finished();
    expect(engine.resources).to.deep.equal([]);
    close(["fence"]);
    await engine.finished();
    expect(engine.resources.map(({ name }) => name)).to.have.members([
      "pipelines-role",
      "pipelines-shop",
      "pipelines-shop-group",
      "pipelines-blog",
      "pipelines-shop-leases",
      "pipelines-shop-leases-binding",
      "pipelines-shop-group-leases-binding",
      "pipelines-blog-leases",
      "pipelines-blog-leases-binding",
    ]);
  });

  it("names a binding after the identity, so that another identity is another binding", () => {
    const namesOf = (pipelineGroup: string) =>
      pipelineBindings([{ name: "shop", pipelineGroup }]).map(({ name }) => name);
    const [account, group] = namesOf("ci-shop");
    expect(account).to.equal("secure-environment-pipeline-shop");
    expect(group).to.match(/^secure-environment-pipeline-shop-[0-9a-f]{10}$/);
    expect(namesOf("ci/shop")[1]).not.to.equal(group);
  });
});
