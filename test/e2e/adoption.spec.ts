import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { objectsIn } from "../support/namespaceObjects";
import { ReviewProgram } from "../support/reviewProgram";
import { sharedSandbox } from "../support/sandbox";

const namespace = "review-taken";
const path = `/api/v1/namespaces/${namespace}`;

describe("a namespace that is not ours", function () {
  this.timeout(120_000);
  let api: KubernetesApi;
  let program: ReviewProgram;

  before(async () => {
    const sandbox = await sharedSandbox();
    api = new KubernetesApi(sandbox.kubeconfig);
    program = new ReviewProgram(sandbox);
    const labels = { team: "others" };
    await api.request("POST", "/api/v1/namespaces", { metadata: { name: namespace, labels } });
    await program.createStack(namespace);
  });

  after(async () => {
    await api.request("DELETE", path);
    api.close();
    program.remove();
  });

  it("is not adopted by `up`, which says that it exists", async () => {
    const up = await program.up(namespace);
    expect(up.exitCode).not.to.equal(0);
    expect(up.output).to.match(/namespaces? "review-taken" already exists/);
  });

  it("keeps its labels and gets no object", async () => {
    const { body } = await api.request("GET", path);
    expect(body.metadata.labels).to.deep.equal({
      "kubernetes.io/metadata.name": namespace,
      team: "others",
    });
    expect(await objectsIn(api, namespace)).to.deep.equal([]);
  });

  it("survives the `destroy` of the stack that wanted it", async () => {
    const destroy = await program.destroy(namespace);
    expect(destroy.exitCode, destroy.output).to.equal(0);
    const { body } = await api.request("GET", path);
    expect(body.status.phase).to.equal("Active");
  });
});
