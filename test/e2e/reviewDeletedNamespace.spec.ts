import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { type CommandResult } from "../support/command";
import { eventually } from "../support/eventually";
import { corePath, createAll, patchRequest, postRequest, send } from "./support/apiRequests";
import { objectsIn } from "./support/namespaceObjects";
import { promisedObjects } from "./support/promised";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const finalizer = "example.com/audit";

describe("a namespace of an environment that is being deleted", function () {
  this.timeout(300_000);
  const scene = setScene();
  let review: ReviewCommand;

  before(() => {
    review = new ReviewCommand(scene.sandbox);
  });

  it("is waited for by `up` as long as it may, which says what holds it", async () => {
    await standHeld("gone-by-hand");
    await scene.api.request("DELETE", "/api/v1/namespaces/review-gone-by-hand");
    await eventuallyHeld("gone-by-hand");
    const up = await review.run(["up", "gone-by-hand", "--wait", "2s"]);
    expectHeld(up, "gone-by-hand");
    expect(up.stderr).to.contain("Nothing was done. Run the command again once it is gone");

    const [waiting] = await Promise.all([
      review.succeed(["up", "gone-by-hand"]),
      // Later than its first look.
      sleep(10_000).then(() => release("gone-by-hand")),
    ]);
    expect(waiting.stderr).to.contain("Waiting until review-gone-by-hand is gone");
    expect(await objectsIn(scene.api, "review-gone-by-hand")).to.deep.equal(promisedObjects);
    await review.succeed(["destroy", "gone-by-hand"]);
  });

  it("is waited for by `destroy` as long as it may, and the next one finishes", async () => {
    await standHeld("audited");
    const first = await review.run(["destroy", "audited", "--wait", "5s"]);
    expect(first.exitCode, first.output).to.equal(9);
    await eventuallyHeld("audited");
    for (const wait of ["5s", "10s"]) {
      const held = await review.run(["destroy", "audited", "--wait", wait]);
      expectHeld(held, "audited");
      expect(held.stderr).to.contain("review-audited is not gone. Once nothing holds it");
      expect(review.filesOfBackend("stacks")).to.deep.equal(["review-audited.json"]);
      expect(review.filesOfBackend("locks")).to.deep.equal([]);
    }
    await release("audited");
    await review.succeed(["destroy", "audited"]);
    expect(review.filesOfBackend("stacks")).to.deep.equal([]);
    expect((await scene.api.request("GET", "/api/v1/namespaces/review-audited")).status).to.equal(
      404,
    );
  });

  /** An environment with an object that something wants to look at before it goes. */
  async function standHeld(branch: string): Promise<void> {
    await review.succeed(["up", branch]);
    const metadata = { name: "audited", finalizers: [finalizer] };
    await createAll(scene.api, [postRequest(configMaps(branch), { metadata })]);
  }

  async function release(branch: string): Promise<void> {
    const path = `${configMaps(branch)}/audited`;
    const { status } = await send(
      scene.api,
      patchRequest(path, { metadata: { finalizers: null } }),
    );
    expect(status).to.equal(200);
  }

  /** Its controller says a moment later what holds it. */
  function eventuallyHeld(branch: string): Promise<void> {
    return eventually(async () => {
      const { body } = await scene.api.request("GET", `/api/v1/namespaces/review-${branch}`);
      const conditions: { readonly type: string; readonly status: string }[] =
        body.status.conditions ?? [];
      return conditions.some(
        ({ type, status }) => type === "NamespaceFinalizersRemaining" && status === "True",
      );
    });
  }
});

function configMaps(branch: string): string {
  return corePath({ namespace: `review-${branch}` }, "configmaps");
}

function expectHeld({ exitCode, stderr, output }: CommandResult, branch: string): void {
  expect(exitCode, output).to.equal(9);
  expect(stderr).to.match(
    new RegExp(`^(error: )?Namespace review-${branch} is being deleted since`, "m"),
  );
  expect(stderr).to.contain("Held by what is still in it: configmaps (1)");
  expect(stderr).to.contain(`The finalizer ${finalizer} holds 1 of them`);
  expect(stderr).not.to.match(/^\s+at /m);
}
