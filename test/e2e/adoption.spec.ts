import { expect } from "chai";
import { objectsIn } from "../support/namespaceObjects";
import { setScene } from "../support/scene";

const namespace = "review-taken";
const path = `/api/v1/namespaces/${namespace}`;

describe("a namespace that is not ours", function () {
  this.timeout(120_000);
  const scene = setScene();
  let asItWas: object;

  before(async () => {
    const labels = { team: "others" };
    const foreign = { metadata: { name: namespace, labels } };
    expect((await scene.api.request("POST", "/api/v1/namespaces", foreign)).status).to.equal(201);
    asItWas = await current();
    await scene.program.createStack(namespace);
  });

  after(async () => {
    await scene.api.request("DELETE", path);
  });

  it("is not adopted by an `up` whose provider is told to take over", async () => {
    const variable = "PULUMI_K8S_UPSERT_EXISTING_OBJECTS";
    const up = await scene.program.pulumi(["up", "--stack", namespace, "--yes", "--skip-preview"], {
      env: { [variable]: "true" },
    });
    expect(up.exitCode).not.to.equal(0);
    expect(up.output).to.contain(
      `- ${variable}: lets the stack take over objects that somebody else made (found "true").`,
    );
    expect(await current()).to.deep.equal(asItWas);
  });

  it("is not adopted by `up`, which says that it exists", async () => {
    const up = await scene.program.up(namespace);
    expect(up.exitCode).not.to.equal(0);
    expect(up.output).to.match(/namespaces? "review-taken" already exists/);
  });

  it("is not changed in anything and gets no object", async () => {
    expect(await current()).to.deep.equal(asItWas);
    expect(await objectsIn(scene.api, namespace)).to.deep.equal([]);
  });

  it("survives the `destroy` of the stack that wanted it", async () => {
    const destroy = await scene.program.destroy(namespace);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    expect(await current()).to.deep.equal(asItWas);
  });

  async function current(): Promise<object> {
    const { body } = await scene.api.request("GET", path);
    const { uid, resourceVersion } = body.metadata;
    return { uid, resourceVersion, phase: body.status.phase };
  }
});
