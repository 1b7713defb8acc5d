import { expect } from "chai";
import { objectsIn } from "../support/namespaceObjects";
import { setScene } from "../support/scene";

const namespace = "review-taken";
const path = `/api/v1/namespaces/${namespace}`;

describe("a namespace that is not ours", function () {
  this.timeout(120_000);
  const scene = setScene();

  before(async () => {
    const labels = { team: "others" };
    await scene.api.request("POST", "/api/v1/namespaces", {
      metadata: { name: namespace, labels },
    });
    await scene.program.createStack(namespace);
  });

  after(async () => {
    await scene.api.request("DELETE", path);
  });

  it("is not adopted by `up`, which says that it exists", async () => {
    const up = await scene.program.up(namespace);
    expect(up.exitCode).not.to.equal(0);
    expect(up.output).to.match(/namespaces? "review-taken" already exists/);
  });

  it("keeps its labels and gets no object", async () => {
    const { body } = await scene.api.request("GET", path);
    expect(body.metadata.labels).to.deep.equal({
      "kubernetes.io/metadata.name": namespace,
      team: "others",
    });
    expect(await objectsIn(scene.api, namespace)).to.deep.equal([]);
  });

  it("survives the `destroy` of the stack that wanted it", async () => {
    const destroy = await scene.program.destroy(namespace);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    const { body } = await scene.api.request("GET", path);
    expect(body.status.phase).to.equal("Active");
  });
});
