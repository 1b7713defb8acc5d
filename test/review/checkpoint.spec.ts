import { expect } from "chai";
import {
  type Checkpoint,
  providerSettings,
  unconfirmedObjects,
  withConfirmed,
} from "#review/checkpoint";

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
