import { expect } from "chai";
import { parsedAs } from "../support/reviewSchemas";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

/** What a pull request of a fork has. */
const withoutCredentials = {
  KUBECONFIG: undefined,
  PULUMI_BACKEND_URL: undefined,
  PULUMI_CONFIG_PASSPHRASE: undefined,
};

describe("`review check`", function () {
  this.timeout(120_000);
  const scene = setScene();
  let review: ReviewCommand;

  before(() => {
    const config = { size: "small", "kubernetes:context": "review-cluster" };
    review = new ReviewCommand(scene.sandbox, { project: "shop", config });
  });

  it("says what would be created, with no cluster, no state and no credentials", async () => {
    const check = await review.succeed(["check", "feature/x", "--json"], {
      env: withoutCredentials,
    });
    const { stack, changes } = parsedAs<Record<string, unknown>>("check", check.stdout);
    expect([stack, changes]).to.deep.equal(["review-feature-x-74zly4", { create: 16 }]);
    expect(review.filesOfBackend("stacks")).to.deep.equal([]);
  });

  it("ends with 5 when the policy pack refuses it", async () => {
    review.writeSettings({ project: "shop", policies: { "environment-expires": "mandatory" } });
    const check = await review.run(["check", "feature/x"], { env: withoutCredentials });
    expect(check.exitCode, check.output).to.equal(5);
    expect(check.stderr).to.contain("policy environment-expires: ");
  });

  it("takes what it is told for this run alone", async () => {
    const expiresAt = "expiresAt=2099-01-31T18:00:00Z";
    const check = await review.run(["check", "feature/x", "--set", expiresAt]);
    expect(check.exitCode, check.output).to.equal(0);
    review.writeSettings({ project: "shop" });
  });

  it("needs no account where the stacks belong to an organization", async () => {
    review.writeSettings({ project: "shop", organization: "acme" });
    await review.succeed(["check", "feature/x"], { env: withoutCredentials });
    review.writeSettings({ project: "shop" });
  });

  it("takes nothing for one run by which others find the environment", async () => {
    for (const set of ["project=blog", "shop:project=blog", "kubernetes:context=production"]) {
      const check = await review.run(["check", "feature/x", "--set", set]);
      expect(check.exitCode, check.output).to.equal(2);
      expect(check.stderr).to.contain("is not for a single run");
    }
  });

  it("tells all faults of the arguments at once, and no stack trace", async () => {
    const wrong = ["--set", "size=huge", "--set", "quota=3"];
    const check = await review.run(["check", "feature/x", ...wrong]);
    expect(check.exitCode, check.output).to.equal(2);
    expect(check.stderr).to.contain("quota: has the wrong shape");
    expect(check.stderr).to.contain("size: is not known");
    expect(check.stderr).not.to.match(/^\s+at /m);
  });

  it("tells them the same of a program of the repository's own", async () => {
    const { folder } = scene.program;
    const wrong = ["check", "feature/x", "--set", "size=huge"];
    const check = await review.run(wrong, { cwd: folder, env: withoutCredentials });
    expect(check.exitCode, check.output).to.equal(2);
    expect(check.stderr).to.contain("size: is not known");
  });

  it("is content with a branch that gets no environment", async () => {
    const check = await review.succeed(["check", "release/2", "--json"]);
    const { reason } = parsedAs<Record<string, unknown>>("check", check.stdout);
    expect(reason).to.contain("gets no environment: release/* is on the list");
  });
});

describe("the settings of `review`", function () {
  this.timeout(60_000);
  const scene = setScene();

  for (const [what, settings, faults] of [
    ["names nothing", {}, ["project is missing"]],
    ["is misspelled", { project: "shop", lifetme: "7d" }, ["lifetme is not known"]],
    [
      "has numbers in place of names",
      { project: 12, unreviewed: [1] },
      ["project is no text; write it in quotes", "unreviewed is no list of texts"],
    ],
    [
      "has what is no lifetime and no project",
      { project: "my shop!", lifetime: "7 days" },
      ['project is "my shop!"', 'lifetime is "7 days": give a whole number with a unit'],
    ],
    ["has a list in place of keys", { project: "shop", config: ["x"] }, ["config is no map"]],
  ] as const) {
    it(`are refused, with all that is wrong, where the file ${what}`, async () => {
      const { exitCode, stderr } = await new ReviewCommand(scene.sandbox, settings).run([
        "check",
        "x",
      ]);
      expect(exitCode, stderr).to.equal(2);
      faults.forEach((fault) => expect(stderr).to.contain(fault));
    });
  }
});
