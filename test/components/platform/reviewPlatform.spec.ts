import { expect } from "chai";
import { ReviewPlatform, type ReviewPlatformArgs } from "secure-environment";
import { platformPolicies } from "#components/platform/admission/policies";
import { platformRoles } from "#components/platform/rbac/clusterRoles";
import { validPlatform } from "#components/platform/validPlatform";
import { MockEngine, type Registration, valueOf } from "../support/mocks";

const args: ReviewPlatformArgs = {
  projects: [{ name: "shop", pipelineGroup: "ci-shop" }, { name: "blog" }],
  domain: "review.example.com",
};
const policies = platformPolicies(validPlatform(args));

describe("a platform", () => {
  let engine: MockEngine;
  let platform: ReviewPlatform;

  before(async () => {
    engine = await MockEngine.start();
    platform = new ReviewPlatform("platform", args);
    await engine.finished();
  });

  it("has every policy, and each is bound once it is there", () => {
    const rules = ofKind(engine, "ValidatingAdmissionPolicy");
    const bindings = ofKind(engine, "ValidatingAdmissionPolicyBinding");
    expect(rules.map(objectName)).to.have.members(policies.map(({ name }) => name));
    expect(bindings.map(objectName)).to.have.members(policies.map(({ name }) => name));
    for (const { name, dependsOn } of bindings) {
      expect(dependsOn, name).to.deep.equal([name.replace(/-binding$/, "")]);
    }
  });

  it("takes a number for an amount, as programs in YAML write it", async () => {
    const run = await MockEngine.start();
    const ceilings = { pods: 40 } as unknown as Record<string, string>;
    new ReviewPlatform("platform", { ...args, ceilings });
    await run.finished();
    expect(run.registrations[0]?.inputs.ceilings).to.deep.equal({ pods: "40" });
  });

  it("gives nobody anything before the last policy is bound, and keeps none longer", () => {
    const bindings = ofKind(engine, "ValidatingAdmissionPolicyBinding").map(({ name }) => name);
    for (const kind of ["ClusterRole", "Namespace"]) {
      for (const { name, dependsOn } of ofKind(engine, kind)) {
        expect(dependsOn, name).to.include.members(bindings);
      }
    }
  });

  it("has every ClusterRole but that of the pipelines, with its rules", () => {
    const roles = ofKind(engine, "ClusterRole").map((role) => [
      objectName(role),
      role.inputs.rules,
    ]);
    expect(Object.fromEntries(roles)).to.deep.equal(platformRoles(validPlatform(args)));
    expect(roles.map(([name]) => name)).not.to.include("secure-environment-pipeline");
  });

  it("gives rights in the whole cluster to the verifier alone", () => {
    const bindings = ofKind(engine, "ClusterRoleBinding").map(({ inputs }) => [
      inputs.roleRef,
      inputs.subjects,
    ]);
    const roleRef = {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: "secure-environment-access-reviewer",
    };
    const verifier = {
      kind: "ServiceAccount",
      name: "verifier",
      namespace: "secure-environment-platform",
    };
    expect(bindings).to.deep.equal([[roleRef, [verifier]]]);
  });

  it("gives rights in a namespace to nobody but the deployer of a rehearsal, who is not there", () => {
    const bindings = ofKind(engine, "RoleBinding").map(({ inputs }) => [
      inputs.roleRef,
      inputs.subjects,
    ]);
    const rehearsed = ["shop", "blog"].map((project) => [
      {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "secure-environment-deployer",
      },
      [{ kind: "ServiceAccount", name: "deployer", namespace: `review-${project}--rehearsal` }],
    ]);
    expect(bindings).to.have.deep.members(rehearsed);
    const accounts = ofKind(engine, "ServiceAccount").map(objectName);
    expect(accounts).not.to.include("deployer");
  });

  it("has protected namespaces in which only restricted pods run", () => {
    const namespaces = ofKind(engine, "Namespace");
    expect(namespaces.map(objectName)).to.have.members([
      "secure-environment-platform",
      "secure-environment-pipeline-shop",
      "secure-environment-pipeline-blog",
      "review-shop--rehearsal",
      "review-blog--rehearsal",
    ]);
    for (const { inputs } of namespaces) {
      expect(metadataOf(inputs).labels).to.include({
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "latest",
        "secure-environment/protect": "true",
      });
    }
  });

  it("rehearses in namespaces that the fence takes for environments of the project", () => {
    const { inputs } = engine.resource("platform-rehearsal-shop");
    expect(metadataOf(inputs).labels).to.include({
      "secure-environment/kind": "review",
      "secure-environment/project": "shop",
      "secure-environment/stack": "review--rehearsal",
    });
  });

  it("has accounts of which no pod gets a token by itself", () => {
    const accounts = ofKind(engine, "ServiceAccount").map(({ inputs }) => [
      metadataOf(inputs).namespace,
      metadataOf(inputs).name,
      inputs.automountServiceAccountToken,
    ]);
    expect(accounts).to.have.deep.members([
      ["secure-environment-platform", "verifier", false],
      ["secure-environment-pipeline-shop", "pipeline", false],
      ["secure-environment-pipeline-blog", "pipeline", false],
    ]);
  });

  it("has shares of the API server, each there before anybody is put into it", () => {
    const levels = ofKind(engine, "PriorityLevelConfiguration");
    expect(levels.map(objectName)).to.have.members([
      "secure-environment-review",
      "secure-environment-review-shop",
      "secure-environment-review-blog",
      "secure-environment-pipeline-shop",
      "secure-environment-pipeline-blog",
      "secure-environment-developers-dev-users",
    ]);
    const flows = ofKind(engine, "FlowSchema");
    expect(flows.map(objectName)).to.have.members([
      "secure-environment-pipeline-shop",
      "secure-environment-pipeline-blog",
      "secure-environment-developers-dev-users",
    ]);
    for (const { name, dependsOn } of flows) {
      expect(dependsOn, name).to.have.members(levels.map((level) => level.name));
    }
  });

  it("changes in place the share that all had together before, so that it never lacks", () => {
    expect(objectName(engine.resource("platform-priority-level"))).to.equal(
      "secure-environment-review",
    );
  });

  it("has a priority of pods that displaces none", () => {
    expect(engine.resource("platform-priority-class").inputs).to.deep.include({
      preemptionPolicy: "Never",
    });
  });

  it("says which policies there are and who the pipelines are", async () => {
    expect(await valueOf(platform.policyNames)).to.deep.equal(policies.map(({ name }) => name));
    const identity = (project: string) => ({
      project,
      namespace: `secure-environment-pipeline-${project}`,
      serviceAccount: "pipeline",
      tokenCommand: `kubectl create token pipeline --namespace secure-environment-pipeline-${project} --duration 1h`,
    });
    expect(await valueOf(platform.pipelines)).to.deep.equal([
      { ...identity("shop"), group: "ci-shop" },
      identity("blog"),
    ]);
  });

  it("says who the pipelines are only when everything is there", async () => {
    for (const slowest of [
      "platform-protected-namespaces-stay-binding",
      "platform-rehearsal-blog-limits",
      "platform-rehearsal-blog-quota",
    ]) {
      const slow = await MockEngine.start({ slowest });
      new ReviewPlatform("platform", args).pipelines.apply(() => slow.events.push("told"));
      await slow.finished();
      expect(slow.isBefore(`made ${slowest}`, "told"), slowest).to.equal(true);
    }
  });

  it("refuses all faults at once, before anything is created", async () => {
    const untouched = await MockEngine.start();
    const wrong = { projects: [{ name: "Shop" }], nodePools: ["a b"] };
    expect(() => new ReviewPlatform("platform", wrong)).to.throw(
      /^The platform has 2 problems; nothing was created\.\n {2}- projects\[0\]\.name: .*\n {2}- nodePools\[0\]: .*$/,
    );
    await untouched.finished();
    expect(untouched.registrations).to.deep.equal([]);
  });
});

function ofKind(engine: MockEngine, kind: string): Registration[] {
  return engine.resources.filter(({ type }) => type.endsWith(`:${kind}`));
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function metadataOf(inputs: Registration["inputs"]): Metadata {
  return inputs.metadata as Metadata;
}

function objectName({ inputs }: Registration): string {
  return metadataOf(inputs).name;
}
