import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { planned, type PlannedObject } from "#components/core/plan";
import { createPlanned } from "#components/core/plannedResources";
import { MockEngine } from "../support/mocks";

describe("the resources of a plan", () => {
  let engine: MockEngine;

  beforeEach(async () => {
    engine = await MockEngine.start();
  });

  function create(...plan: PlannedObject[]): void {
    createPlanned(new pulumi.ComponentResource("test:index:Plan", "plan"), plan);
  }

  it("are custom resources for kinds that Kubernetes does not have", async () => {
    const metadata = { name: "default" };
    create(planned("mesh", { apiVersion: "example.com/v1", kind: "Mesh", metadata }));
    await engine.finished();
    expect(engine.resource("mesh").type).to.equal("kubernetes:example.com/v1:Mesh");
  });

  it("patch an object by the class that patches its kind", async () => {
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
    create(planned("account", account, { action: "patch" }));
    await engine.finished();
    expect(engine.resource("account").type).to.equal("kubernetes:core/v1:ServiceAccountPatch");
  });

  it("make no object where one is to be patched for whose kind no class patches", () => {
    const mesh = { apiVersion: "example.com/v1", kind: "Mesh", metadata: { name: "default" } };
    expect(() => create(planned("mesh", mesh, { action: "patch" }))).to.throw(
      RangeError,
      "patches example.com/v1/Mesh",
    );
  });
});
