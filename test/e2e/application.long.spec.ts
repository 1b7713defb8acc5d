import { expect } from "chai";
import { applicationFolder, deployAndRemove } from "./support/applicationExample";
import { type PlatformScene, setPlatformScene } from "./support/platformScene";
import { ReviewProgram } from "./support/reviewProgram";

const stack = "review-application";
const domain = "review.example.com";

describe("the example application, with a platform", function () {
  this.timeout(300_000);
  const scene: PlatformScene = setPlatformScene({ projects: [{ name: "shop" }], domain });
  let environment: ReviewProgram;
  let application: ReviewProgram;

  before("bring up an environment as its pipeline", async () => {
    application = new ReviewProgram(scene.sandbox, applicationFolder);
    environment = new ReviewProgram(scene.sandbox);
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    const env = { KUBECONFIG: await scene.sandbox.serviceAccountKubeconfig(...account) };
    await environment.createStack(stack, { project: "shop", platform: "true", domain });
    const args = ["up", "--stack", stack, "--yes", "--skip-preview"];
    const up = await environment.pulumi(args, { env });
    expect(up.exitCode, up.output).to.equal(0);
  });

  after(() => [application, environment].forEach((program) => program.remove()));

  it("is deployed by the deployer, in TypeScript and in YAML the same, and removed", async () => {
    const { namespaceName } = await environment.outputs(stack);
    const namespace = namespaceName as string;
    await deployAndRemove(application, scene.api, {
      namespace,
      host: `shop.${namespace}.${domain}`,
      kubeconfig: await scene.sandbox.serviceAccountKubeconfig(namespace, "deployer"),
    });
  });
});
