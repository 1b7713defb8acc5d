import { expect } from "chai";
import {
  type Checkpoint,
  foreignResources,
  unconfirmedObjects,
  withResources,
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

describe("a checkpoint with resources", () => {
  it("has them after those it had, no pending operation, and all else as it was", () => {
    const known = { urn: "urn:known", type: "known" };
    const before = { version: 3, deployment: { manifest: {}, resources: [known] } };
    expect(withResources(before, [namespace])).to.deep.equal({
      version: 3,
      deployment: { manifest: {}, resources: [known, namespace], pending_operations: [] },
    });
  });
});

describe("foreign resources", () => {
  const ours = { "secure-environment/project": "shop", "secure-environment/stack": "review-a" };
  const expected = [{ ...namespace, inputs: { metadata: { name: "review-a", labels: ours } } }];

  function found(labels: Record<string, string>): Checkpoint {
    const outputs = { metadata: { name: "review-a", labels } };
    return { deployment: { resources: [{ ...namespace, outputs }] } };
  }

  it("are those that do not say who made them", () => {
    expect(foreignResources(found({}), expected)).to.deep.equal([namespace.urn]);
  });

  it("are those that another stack made", () => {
    const other = found({ ...ours, "secure-environment/stack": "review-b" });
    expect(foreignResources(other, expected)).to.deep.equal([namespace.urn]);
  });

  it("are those that a stack of the same name in another project made", () => {
    const other = found({ ...ours, "secure-environment/project": "blog" });
    expect(foreignResources(other, expected)).to.deep.equal([namespace.urn]);
  });

  it("are not those that this stack made, whatever else they say", () => {
    expect(foreignResources(found({ ...ours, team: "a" }), expected)).to.deep.equal([]);
  });

  it("are not those that were in the state before", () => {
    expect(foreignResources(found({}), [])).to.deep.equal([]);
  });

  it("are not those that a refresh did not find", () => {
    expect(foreignResources({ deployment: { resources: [] } }, expected)).to.deep.equal([]);
  });
});
