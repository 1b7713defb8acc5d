import { expect } from "chai";
import { connect } from "#platform/cluster";

describe("the cluster of the platform", () => {
  for (const kubeconfig of ["users: *hunter2", "!hunter2 x", "users: [\n  hunter2: }"]) {
    it(`is not connected to by ${JSON.stringify(kubeconfig)}, and nothing of it is told`, async () => {
      const refusal = await connect({ kubeconfig }).catch((error: unknown) => error);
      expect((refusal as Error).message).to.equal(
        "The kubeconfig cannot be used: it is not valid YAML; nothing of it is shown here",
      );
    });
  }
});
