import { expect } from "chai";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setPlatformScene } from "./support/platformScene";

describe("the budget that a pipeline of the platform keeps", function () {
  this.timeout(300_000);
  const scene = setPlatformScene({
    projects: [{ name: "shop" }],
    clusterNetwork: {
      pods: ["10.244.0.0/16"],
      services: ["10.96.0.0/16"],
      nodes: ["192.0.2.0/24"],
    },
  });

  it("takes the rights that the platform gives, and the namespace of the pipeline", async () => {
    const namespace = "secure-environment-pipeline-shop";
    const KUBECONFIG = await scene.sandbox.serviceAccountKubeconfig(namespace, "pipeline");
    const env = { KUBECONFIG };
    const review = new ReviewCommand(scene.sandbox, {
      project: "shop",
      config: { project: "shop", platform: true, size: "small" },
      budget: { environments: 1, cpu: "20" },
      prices: { currency: "EUR", cpuHour: 1, memoryGibibyteHour: 0, storageGibibyteHour: 0 },
    });
    const up = await review.succeed(["up", "first"], { env });
    expect(up.stdout).to.contain("at most 28.80 EUR a day");
    const refused = await review.run(["up", "second"], { env });
    expect(refused.exitCode, refused.output).to.equal(10);
    expect(refused.stderr).to.contain("environments: 1 stands");
    expect(review.filesOfBackend("stacks")).to.deep.equal(["review-first.json"]);

    const leases = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
    const { body } = await scene.api.request("GET", `${leases}/secure-environment-budget`);
    expect(body.spec.holderIdentity).to.equal("");
    await review.succeed(["destroy", "first"], { env });
    await review.succeed(["up", "second"], { env });
  });
});
