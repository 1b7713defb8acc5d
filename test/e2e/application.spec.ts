import { expect } from "chai";
import { applicationFolder, deployAndRemove } from "./support/applicationExample";
import { ReviewProgram } from "./support/reviewProgram";
import { setScene } from "./support/scene";

const stack = "review-application";

describe("the example application, without a platform", function () {
  this.timeout(300_000);
  const environment = setScene();
  let application: ReviewProgram;

  before("bring up an environment whose deployer may write ingresses", async () => {
    application = new ReviewProgram(environment.sandbox, applicationFolder);
    await environment.program.createStack(stack, {
      deployerKinds: [{ apiGroup: "networking.k8s.io", resource: "ingresses" }],
    });
    const up = await environment.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
  });

  after(async () => {
    application.remove();
    await environment.program.destroy(stack);
  });

  it("is deployed by the deployer, in TypeScript and in YAML the same, and removed", async () => {
    const { namespaceName } = await environment.program.outputs(stack);
    const namespace = namespaceName as string;
    await deployAndRemove(application, environment.api, {
      namespace,
      host: `shop.${namespace}.review.example.com`,
      kubeconfig: await environment.sandbox.serviceAccountKubeconfig(namespace, "deployer"),
    });
  });
});
