import { expect } from "chai";
import { SecureEnvironment, type SecureEnvironmentArgs } from "secure-environment";
import { environmentFlowSchemaSpec } from "#components/core/flowSchema";
import { MockEngine, type MockRun } from "../support/mocks";

const flowSchemaType = "kubernetes:flowcontrol.apiserver.k8s.io/v1:FlowSchema";
const guarded: SecureEnvironmentArgs = { platform: true, project: "shop" };

describe("the FlowSchema of an environment", () => {
  it("is not there without a platform", async () => {
    const engine = await built({ project: "shop" });
    expect(engine.resources.filter(({ type }) => type === flowSchemaType)).to.deep.equal([]);
  });

  it("is named like the namespace, and says whose it is", async () => {
    const { type, parent, inputs } = (await built(guarded)).resource("env-flow-schema");
    expect({ type, parent }).to.deep.equal({ type: flowSchemaType, parent: "env" });
    expect(inputs).to.deep.equal({
      apiVersion: "flowcontrol.apiserver.k8s.io/v1",
      kind: "FlowSchema",
      metadata: {
        name: "review-shop-login",
        labels: {
          "secure-environment/kind": "review",
          "secure-environment/project": "shop",
          "secure-environment/stack": "review-login",
        },
      },
      spec: environmentFlowSchemaSpec("review-shop-login", "shop"),
    });
  });

  it("stands before the namespace and goes after it, by itself", async () => {
    const engine = await built(guarded, { slowest: "env-flow-schema" });
    expect(engine.resource("env").dependsOn).to.deep.equal(["env-flow-schema"]);
    expect(engine.isBefore("made env-flow-schema", "ask env-quota")).to.equal(true);
    expect(engine.resource("env-flow-schema").deletedWith).to.equal(undefined);
  });

  it("is protected as a permanent environment is", async () => {
    const review = await built(guarded);
    const permanent = await built({ ...guarded, permanent: true }, { stack: "staging" });
    expect(review.resource("env-flow-schema").protect).to.equal(false);
    expect(permanent.resource("env-flow-schema").protect).to.equal(true);
  });

  it("waits for the random suffix of the namespace", async () => {
    const engine = await built({ ...guarded, uniqueSuffix: true });
    const { metadata, spec } = engine.resource("env-flow-schema").inputs;
    expect(metadata).to.deep.include({ name: "review-shop-login-x1y2z3" });
    expect(spec).to.deep.equal(environmentFlowSchemaSpec("review-shop-login-x1y2z3", "shop"));
  });
});

async function built(args: SecureEnvironmentArgs, run: MockRun = {}): Promise<MockEngine> {
  const engine = await MockEngine.start(run);
  new SecureEnvironment("env", args);
  await engine.finished();
  return engine;
}
