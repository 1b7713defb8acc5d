import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { eventually } from "../support/eventually";
import { ApiGate } from "./support/review/apiGate";
import { type BudgetedProject, setBudgetedProject } from "./support/review/budgetedProject";
import { type ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

describe("a place in the budget of a project", function () {
  this.timeout(300_000);
  const scene = setScene();
  const set = setBudgetedProject(scene);
  let project: BudgetedProject;
  let review: ReviewCommand;

  before(() => {
    ({ project } = set);
    ({ review } = project);
  });

  it("is asked for again by a run whose stack was gone by its turn", async () => {
    project.bound({ environments: 1 });
    await review.succeed(["up", "first"]);
    const [looked, go] = ["looked", "go"].map((name) => join(review.backend, name));
    const hold = `touch ${looked}; until [ -f ${go} ]; do sleep 0.1; done`;
    const late = review.run(["up", "first", "--still-open", hold]);
    await eventually(() => existsSync(looked!));
    await review.succeed(["destroy", "first"]);
    await review.succeed(["up", "second"]);
    writeFileSync(go!, "");
    const { exitCode, output } = await late;
    expect(exitCode, output).to.equal(10);
    expect(await project.stands("first")).to.equal(false);
  });

  it("is free again after a run that was killed in its possession", async () => {
    project.bound({ environments: 2 });
    const gate = await ApiGate.start(scene.sandbox.kubeconfig);
    try {
      const KUBECONFIG = gate.writeKubeconfig(join(review.backend, "kubeconfig.json"));
      let command = 0;
      // The first writes are those of the Lease.
      gate.onWrite = (count) => void (count === 5 && process.kill(command, "SIGKILL"));
      const onStart = (id: number) => void (command = id);
      const killed = await review.run(["up", "first"], { env: { KUBECONFIG }, onStart });
      expect(killed.exitCode, killed.output).not.to.equal(0);
      expect(await project.holderOfLease()).not.to.equal("");
      const next = await review.succeed(["up", "second", "--wait", "1s"]);
      expect(next.stderr).to.contain("Another run takes room in the budget");
      const third = await review.run(["up", "third"]);
      expect(third.exitCode, third.output).to.equal(10);
      await review.succeed(["up", "first"]);
    } finally {
      gate.close();
    }
  });
});
