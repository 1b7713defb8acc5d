import { expect } from "chai";
import { History } from "../support/history";
import { setScene } from "../support/scene";

const stack = "review-example";

describe("the example application", function () {
  this.timeout(120_000);
  const scene = setScene("examples/application");

  before(async () => {
    await scene.program.createStack(stack);
  });

  after(async () => {
    await scene.program.destroy(stack);
  });

  it("is deployed into its environment only after every wall and binding stands", async () => {
    const history = await History.of(scene.api, stack);
    const up = await scene.program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
    const binding = await history.until("ADDED", "RoleBinding/developer");
    history.stop();
    const deployment = await scene.api.request(
      "GET",
      `/apis/apps/v1/namespaces/${stack}/deployments/shop`,
    );
    expect(deployment.status).to.equal(200);
    const created = await scene.program.outputs(stack);
    expect(created).to.include({ namespace: stack, application: "shop" });
    expect(BigInt(deployment.body.metadata.resourceVersion) > binding.revision).to.equal(true);
  });
});
