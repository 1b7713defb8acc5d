import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { expect } from "chai";
import { eventually } from "../support/eventually";
import { type CommandResult } from "../support/command";
import { objectsIn } from "./support/namespaceObjects";
import { processesWith } from "./support/processes";
import { promisedObjects } from "./support/promised";
import { ApiGate } from "./support/review/apiGate";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const marker = "SECURE_ENVIRONMENT_TEST_RUN";

describe("an API server that stops in the middle", function () {
  this.timeout(300_000);
  const scene = setScene();
  let review: ReviewCommand;
  let gate: ApiGate;
  let KUBECONFIG: string;

  before(async () => {
    review = new ReviewCommand(scene.sandbox);
    gate = await ApiGate.start(scene.sandbox.kubeconfig);
    KUBECONFIG = gate.writeKubeconfig(join(review.backend, "kubeconfig.json"));
  });

  after(() => gate.close());

  for (const write of [1, 7, 14]) {
    it(`of an \`up\`, at write ${write}, is named, and the next \`up\` finishes`, async () => {
      const branch = `up-${write}`;
      const stopped = await stoppedAt(write, "up", branch);
      expectTold(stopped);
      await review.succeed(["up", branch], { env: { KUBECONFIG } });
      expect(await objectsIn(scene.api, `review-${branch}`)).to.deep.equal(promisedObjects);
      await review.succeed(["destroy", branch], { env: { KUBECONFIG } });
      expect(review.filesOfBackend("stacks")).to.deep.equal([]);
    });
  }

  it("of a `destroy` is named, and the next `destroy` finishes", async () => {
    await review.succeed(["up", "down"], { env: { KUBECONFIG } });
    const stopped = await stoppedAt(1, "destroy", "down");
    expectTold(stopped);
    await review.succeed(["destroy", "down"], { env: { KUBECONFIG } });
    expect(review.filesOfBackend("stacks")).to.deep.equal([]);
  });

  /** In words, with the server and what to do. */
  function expectTold({ exitCode, stderr, output }: CommandResult): void {
    expect(exitCode, output).to.equal(1);
    expect(stderr).to.contain(new URL(gate.address).host);
    expect(stderr).to.match(/again/);
    expect(stderr).not.to.match(/^\s+at /m);
  }

  /** The server is gone from this write on, which it does not get any more, and there again after the run. */
  async function stoppedAt(write: number, ...args: string[]): Promise<CommandResult> {
    const run = randomUUID();
    gate.open();
    gate.onWrite = (count) => {
      if (count === write) {
        gate.stop();
      }
    };
    const result = await review.run(args, { env: { KUBECONFIG, [marker]: run } });
    gate.open();
    await gate.restart();
    await eventually(() => processesWith(marker, run).length === 0);
    expect(review.filesOfBackend("locks"), result.output).to.deep.equal([]);
    return result;
  }
});
