import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { setPlatformScene } from "./support/platformScene";
import { ReviewCommand } from "./support/review/reviewCommand";
import {
  cronJob,
  deploy,
  deployment,
  job,
  podsIn,
  statefulSet,
  wallsOf,
  workloadsOf,
} from "./support/review/sleepers";

const namespace = "review-shop-rest";

/** The deployer's writes are judged by the guard rails, and the pipeline's by its fence. */
describe("an environment that rests under a platform", function () {
  this.timeout(300_000);
  const scene = setPlatformScene({ projects: [{ name: "shop" }] });
  let review: ReviewCommand;
  let asPipeline: { readonly env: { readonly KUBECONFIG: string } };

  before("deploy into an environment of the pipeline", async () => {
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    asPipeline = { env: { KUBECONFIG: await scene.sandbox.serviceAccountKubeconfig(...account) } };
    const config = { project: "shop", platform: true };
    review = new ReviewCommand(scene.sandbox, { project: "shop", config });
    await review.succeed(["up", "rest"], asPipeline);
    const kubeconfig = await scene.sandbox.serviceAccountKubeconfig(namespace, "deployer");
    const deployer = new KubernetesApi(kubeconfig);
    await deploy(deployer, namespace, [
      deployment("web", 3),
      statefulSet("database", 1),
      cronJob("nightly", false),
      job("migration", false),
    ]);
    deployer.close();
    await eventually(async () => (await podsIn(scene.api, namespace)).length === 5);
  });

  for (const verb of ["wake", "up"]) {
    it(`sleeps by its pipeline, and ${verb} makes it what it was`, async () => {
      const awake = await workloadsOf(scene.api, namespace);
      const walls = await wallsOf(scene.api, namespace);
      await review.succeed(["sleep", "rest", "--wait", "2m"], asPipeline);
      expect(await podsIn(scene.api, namespace)).to.deep.equal([]);
      expect(await wallsOf(scene.api, namespace)).to.equal(walls);
      await review.succeed([verb, "rest"], asPipeline);
      expect(await workloadsOf(scene.api, namespace)).to.deep.equal(awake);
      expect(await wallsOf(scene.api, namespace)).to.equal(walls);
      await eventually(async () => (await podsIn(scene.api, namespace)).length === 5);
    });
  }
});
