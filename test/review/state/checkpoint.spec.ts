import { expect } from "chai";
import {
  type Checkpoint,
  objectsOf,
  providerSettings,
  unconfirmedObjects,
  withConfirmed,
} from "#review/state/checkpoint";

const namespace = {
  urn: "urn:namespace",
  type: "kubernetes:core/v1:Namespace",
  inputs: { metadata: { name: "review-a" } },
};
const quota = {
  urn: "urn:quota",
  type: "kubernetes:core/v1:ResourceQuota",
  inputs: { metadata: { name: "environment", namespace: "review-a" } },
};

function pending(type: string, ...resources: object[]): Checkpoint {
  const operations = resources.map((resource) => ({ type, resource }));
  return { deployment: { pending_operations: operations } } as Checkpoint;
}

describe("unconfirmed objects of a killed run", () => {
  it("are those whose creation was begun, by the identifiers that the provider gives", () => {
    const ids = unconfirmedObjects(pending("creating", namespace, quota)).map(({ id }) => id);
    expect(ids).to.deep.equal(["review-a", "review-a/environment"]);
  });

  it("are not those that were being changed, read or deleted", () => {
    for (const type of ["updating", "deleting", "reading"]) {
      expect(unconfirmedObjects(pending(type, namespace)), type).to.deep.equal([]);
    }
  });

  it("are not patches, which create nothing, nor resources that are not in the cluster", () => {
    const others = [
      { ...quota, type: "kubernetes:core/v1:ServiceAccountPatch" },
      { ...quota, type: "random:index/randomString:RandomString" },
    ];
    expect(unconfirmedObjects(pending("creating", ...others))).to.deep.equal([]);
  });

  it("are not those whose name is not known", () => {
    expect(unconfirmedObjects(pending("creating", { ...quota, inputs: {} }))).to.deep.equal([]);
  });

  it("are none in a stack that has no state yet", () => {
    expect(unconfirmedObjects({ deployment: {} })).to.deep.equal([]);
  });
});

describe("the objects of a stack", () => {
  const object = (kind: string, type: string, name: string, namespace = "review-a") => ({
    urn: `urn:${name}`,
    type: `kubernetes:${type}`,
    inputs: { kind, metadata: { name, namespace } },
  });
  const role = object("Role", "rbac.authorization.k8s.io/v1:Role", "developer");

  it("are those in the cluster that its state has, each once", () => {
    const other = object("Role", "rbac.authorization.k8s.io/v1:Role", "developer", "review-b");
    const component = { urn: "urn:chart", type: "kubernetes:helm.sh/v3:Chart" };
    const suffix = { ...role, type: "random:index/randomString:RandomString" };
    const resources = [role, suffix, component, other, role];
    expect(objectsOf({ deployment: { resources } })).to.deep.equal([role.inputs, other.inputs]);
  });

  it("are neither patches nor Secrets", () => {
    const patch = object("ServiceAccount", "core/v1:ServiceAccountPatch", "default");
    const secret = object("Secret", "core/v1:Secret", "registry");
    expect(objectsOf({ deployment: { resources: [patch, secret] } })).to.deep.equal([]);
  });

  it("are none in a stack that has no state yet", () => {
    expect(objectsOf({ deployment: {} })).to.deep.equal([]);
  });
});

describe("a checkpoint with confirmed resources", () => {
  it("has them after those it had, and no operation pending on them", () => {
    const known = { urn: "urn:known", type: "known" };
    const operations = [namespace, quota].map((resource) => ({ type: "creating", resource }));
    const before = {
      version: 3,
      deployment: { manifest: {}, resources: [known], pending_operations: operations },
    };
    expect(withConfirmed(before, [namespace])).to.deep.equal({
      version: 3,
      deployment: {
        manifest: {},
        resources: [known, namespace],
        pending_operations: [{ type: "creating", resource: quota }],
      },
    });
  });
});

describe("the settings of the provider", () => {
  it("are those in the state", () => {
    const provider = {
      urn: "urn:provider",
      type: "pulumi:providers:kubernetes",
      inputs: { context: "review-cluster" },
    };
    const checkpoint = { deployment: { resources: [namespace, provider] } };
    expect(providerSettings(checkpoint)).to.deep.equal({ context: "review-cluster" });
  });

  it("are none before the first run", () => {
    expect(providerSettings({ deployment: {} })).to.deep.equal({});
  });
});
