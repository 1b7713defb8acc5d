import { join } from "node:path";
import { expect } from "chai";
import { commentFacts } from "#review/commands/commentFacts";
import { readRecord } from "#review/commands/runRecord";
import { type CostPerDay } from "#review/budget/cost";
import { commentText } from "#review/host/commentText";
import { targetOf } from "#review/environment/target";
import { readSettings } from "#review/settings/reviewSettings";
import { parsedAs, recordIn } from "../support/reviewSchemas";
import {
  type BudgetedProject,
  budgetSettings,
  setBudgetedProject,
} from "./support/review/budgetedProject";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

describe("the budget of a project", function () {
  this.timeout(300_000);
  const scene = setScene();
  const set = setBudgetedProject(scene);
  let project: BudgetedProject;
  let review: ReviewCommand;

  before(() => {
    ({ project } = set);
    ({ review } = project);
  });

  it("lets no third one of two come up, and makes nothing of it", async () => {
    project.bound({ environments: 2 });
    await review.succeed(["up", "first"]);
    await review.succeed(["up", "second"]);
    const record = join(review.backend, "result.json");
    const third = await review.run(["up", "third", "--result", record]);
    expect(third.exitCode, third.output).to.equal(10);
    expect(third.stderr).to.contain("environments: 2 stand, 1 would come, and the budget is 2.");
    expect(third.stderr.indexOf("review-budget-first")).to.be.greaterThan(0);
    expect(third.stderr.indexOf("review-budget-first")).to.be.lessThan(
      third.stderr.indexOf("review-budget-second"),
    );
    expect(third.stderr).to.contain('`review destroy "first"` removes it');
    expect(recordIn(record)).to.include({ verb: "up", branch: "third", exitCode: 10 });
    expect(await project.stands("third")).to.equal(false);
    expect(review.filesOfBackend("stacks")).not.to.include("review-third.json");
    expect(await project.holderOfLease()).to.equal("");

    const again = await review.succeed(["up", "second"]);
    expect(again.stdout).to.contain("nothing changed");
    await review.succeed(["destroy", "first"]);
    await review.succeed(["up", "third"]);
    expect(await project.stands("third")).to.equal(true);
  });

  it("lets one of three that come at once have the only place", async () => {
    project.bound({ environments: 1 });
    const branches = ["first", "second", "third"];
    const runs = await Promise.all(branches.map((branch) => review.run(["up", branch])));
    const output = runs.map((run) => run.output).join("\n");
    expect(runs.map(({ exitCode }) => exitCode).sort(), output).to.deep.equal([0, 10, 10]);
    const standing = await Promise.all(branches.map((branch) => project.stands(branch)));
    expect(standing).to.deep.equal(runs.map(({ exitCode }) => exitCode === 0));
    expect(review.filesOfBackend("stacks")).to.have.length(1);
  });

  it("counts what quotas promise, and lets none grow beyond it", async () => {
    project.bound({ cpu: "3", memory: "100Gi" });
    await review.succeed(["up", "first"]);
    const large = await review.run(["up", "second", "--set", "size=medium"]);
    expect(large.exitCode, large.output).to.equal(10);
    expect(large.stderr).to.contain(
      "requests.cpu: the quotas of those that stand have 1200m, 2400m would come, and the budget is 3.",
    );
    expect(large.stderr).not.to.contain("requests.memory");
    await review.succeed(["up", "second"]);
    const grown = await review.run(["up", "second", "--set", "size=medium"]);
    expect(grown.exitCode, grown.output).to.equal(10);
    expect(await project.cpuOf("second")).to.equal("1200m");
    await review.succeed(["up", "second", "--set", 'quota={"requests.cpu":"1800m"}']);
    expect(await project.cpuOf("second")).to.equal("1800m");
  });

  it("lets nobody in who may not see what stands, or not have the Lease", async () => {
    project.bound({ cpu: "99" });
    const KUBECONFIG = await scene.sandbox.userKubeconfig("stranger", []);
    const refused = await review.run(["up", "first"], { env: { KUBECONFIG } });
    expect(refused.exitCode, refused.output).to.equal(3);
    await letSee("budget-namespaces", [{ apiGroups: [""], resources: ["namespaces"] }]);
    const leaseless = await review.run(["up", "first"], { env: { KUBECONFIG } });
    expect(leaseless.exitCode, leaseless.output).to.equal(3);
    expect(leaseless.output).to.contain("the Lease secure-environment-budget in namespace");
    await letSee("budget-leases", [{ apiGroups: ["coordination.k8s.io"], resources: ["leases"] }]);
    const blind = await review.run(["up", "first"], { env: { KUBECONFIG } });
    expect(blind.exitCode, blind.output).to.equal(3);
    expect(blind.output).to.contain("may not list quotas of the whole cluster");
    expect(await project.stands("first")).to.equal(false);
    expect(review.filesOfBackend("stacks")).to.deep.equal([]);
  });

  async function letSee(name: string, rules: readonly object[]): Promise<void> {
    const apiGroup = "rbac.authorization.k8s.io";
    const whole = rules.map((rule) => ({ ...rule, verbs: ["*"] }));
    const role = { metadata: { name }, rules: whole };
    const binding = {
      metadata: { name },
      roleRef: { apiGroup, kind: "ClusterRole", name },
      subjects: [{ apiGroup, kind: "User", name: "stranger" }],
    };
    await scene.api.request("POST", `/apis/${apiGroup}/v1/clusterroles`, role);
    await scene.api.request("POST", `/apis/${apiGroup}/v1/clusterrolebindings`, binding);
  }
});

describe("the prices of a project", function () {
  this.timeout(300_000);
  const scene = setScene();
  const prices = {
    currency: "EUR",
    cpuHour: 0.03,
    memoryGibibyteHour: 0.004,
    storageGibibyteHour: 0,
  };
  // 24 * (1.2 * 0.03 + 2 * 0.004), rounded up.
  const most = 1.06;

  it("are told as costs by up, list and the comment, and without them nothing is", async () => {
    const review = new ReviewCommand(scene.sandbox, { ...budgetSettings, prices });
    const record = join(review.backend, "result.json");
    const up = await review.succeed(["up", "priced", "--result", record]);
    expect(up.stdout).to.match(/^ {2}costs +at most 1\.06 EUR a day, now 0\.00 EUR$/m);
    expect(recordIn(record).result).to.deep.include({
      costPerDay: { currency: "EUR", most, now: 0 },
    });
    const target = targetOf(readSettings(review.folder), "priced");
    const facts = commentFacts(target, readRecord(record), undefined, Date.now());
    expect(commentText(facts).body).to.contain("- Costs: at most `1.06 EUR` a day\n");

    const listed = await review.succeed(["list", "--json"]);
    const list = parsedAs<{ costPerDay: CostPerDay; environments: { costPerDay: CostPerDay }[] }>(
      "list",
      listed.stdout,
    );
    expect(list.costPerDay).to.deep.equal({ currency: "EUR", most, now: 0 });
    expect(list.environments.map(({ costPerDay }) => costPerDay.most)).to.deep.equal([most]);
    const table = await review.succeed(["list"]);
    expect(table.stdout).to.contain("0.00/1.06 EUR");
    expect(table.stdout).to.contain("\nAll together: at most 1.06 EUR a day, now 0.00 EUR.\n");

    review.writeSettings(budgetSettings);
    const without = [await review.succeed(["up", "priced"]), await review.succeed(["list"])];
    without.forEach(({ output }) => expect(output).not.to.contain("EUR"));
    const json = await review.succeed(["list", "--json"]);
    expect(parsedAs("list", json.stdout)).not.to.have.property("costPerDay");
    await review.succeed(["destroy", "priced"]);
  });
});
