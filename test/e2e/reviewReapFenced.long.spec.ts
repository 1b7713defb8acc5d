import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { parsedAs } from "../support/reviewSchemas";
import { setPlatformScene } from "./support/platformScene";
import { ReviewCommand } from "./support/review/reviewCommand";

const merge = { contentType: "application/merge-patch+json" };
const lease =
  "/apis/coordination.k8s.io/v1/namespaces/secure-environment-pipeline-shop/leases/secure-environment-reap";

interface Result {
  readonly gone: readonly { readonly stack: string }[];
  readonly kept: readonly { readonly stack: string; readonly why: string }[];
}

describe("environments that a pipeline of the platform reaps", function () {
  this.timeout(300_000);
  const projects = [{ name: "shop" }, { name: "blog" }];
  const scene = setPlatformScene({ projects });
  let review: ReviewCommand;
  let pipeline: KubernetesApi;
  let asPipeline: { readonly env: { readonly KUBECONFIG: string } };
  let asBlog: { readonly env: { readonly KUBECONFIG: string } };

  before(async () => {
    const kubeconfigOf = (project: string) =>
      scene.sandbox.serviceAccountKubeconfig(`secure-environment-pipeline-${project}`, "pipeline");
    const config = { platform: true, project: "shop" };
    review = new ReviewCommand(scene.sandbox, { project: "shop", lifetime: "20s", config });
    asPipeline = { env: { KUBECONFIG: await kubeconfigOf("shop") } };
    asBlog = { env: { KUBECONFIG: await kubeconfigOf("blog") } };
    pipeline = new KubernetesApi(asPipeline.env.KUBECONFIG);
    for (const branch of ["expired", "kept"]) {
      await review.succeed(["up", branch], asPipeline);
    }
    const { body } = await scene.api.request("GET", "/api/v1/namespaces/review-shop-kept");
    const end = Date.parse(body.metadata.annotations["secure-environment/expires-at"]);
    await eventually(() => Date.now() > end);
  });

  after(() => pipeline.close());

  it("are kept by no label that a pipeline sets, but by one of an administrator", async () => {
    const labels = { "secure-environment/keep": "demo" };
    const { status, body } = await patch(pipeline, "kept", { labels });
    expect(status).to.equal(403);
    expect(body.message).to.contain("secure-environment-pipelines-make-only-environments");
    expect((await patch(scene.api, "kept", { labels })).status).to.equal(200);
  });

  it("are left to the project's own pipeline, whose Lease no other may have", async () => {
    const other = await review.run(["reap", "--yes"], asBlog);
    expect(other.exitCode, other.output).to.equal(3);
    expect(other.stderr).to.contain("may not get the Lease secure-environment-reap");
    expect((await scene.api.request("GET", lease)).status).to.equal(404);
  });

  it("go by the rights that the platform gives, which are none to see pods", async () => {
    const { stdout, stderr } = await review.succeed(
      ["reap", "--yes", "--idle", "1s", "--json"],
      asPipeline,
    );
    const { gone, kept } = parsedAs<Result>("reap", stdout);
    expect(gone.map(({ stack }) => stack)).to.deep.equal(["review-expired"]);
    expect(kept.map(({ stack }) => stack)).to.deep.equal(["review-kept"]);
    expect(kept[0]?.why).to.match(/^it expired at .*, and it is kept by the label/);
    expect(stderr).to.contain("may not list pods of the whole cluster, so nothing counts as idle");
    const { body } = await scene.api.request("GET", lease);
    expect(body.spec.holderIdentity).to.equal("");
  });

  it("stay what they are in later runs of the pipeline, with the label", async () => {
    await review.succeed(["up", "kept"], asPipeline);
    const { body } = await scene.api.request("GET", "/api/v1/namespaces/review-shop-kept");
    expect(body.metadata.labels).to.include({ "secure-environment/keep": "demo" });
  });

  function patch(api: KubernetesApi, branch: string, metadata: object) {
    const path = `/api/v1/namespaces/review-shop-${branch}`;
    return api.request("PATCH", path, { metadata }, merge);
  }
});
