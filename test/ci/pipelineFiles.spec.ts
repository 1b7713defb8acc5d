import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { policies } from "#policy/policies/index";
import {
  evaluateText,
  githubEvents,
  jobsOf,
  workflow,
  workflowFile,
} from "./support/pipelineGithub";
import { gitlabEvents, gitlabFile, gitlabJobs, gitlabJobsOf } from "./support/pipelineGitlab";
import { gitlabCiLocal, workflowErrors } from "./support/pipelineSchemas";

const repository = resolve(__dirname, "../../..");

describe("the workflow for GitHub", function () {
  this.timeout(180_000);
  const jobs = Object.entries(workflow.jobs);
  const { up, destroy, sweep } = workflow.jobs;

  it("is what GitHub's own parser accepts, which refuses a key that it does not know", async () => {
    const content = readFileSync(workflowFile, "utf8");
    expect(await workflowErrors(content)).to.deep.equal([]);
    const broken = content.replace("concurrency:", "serialized:");
    expect((await workflowErrors(broken)).join()).to.include("Unexpected value 'serialized'");
  });

  it("previews a pull request, whoever's it is", async () => {
    expect(await jobsOf(githubEvents.open("feature/x"))).to.deep.equal(["preview"]);
    expect(await jobsOf(githubEvents.open("feature/x", "fork/project"))).to.deep.equal(["preview"]);
  });

  it("brings up on push, but not the default branch", async () => {
    expect(await jobsOf(githubEvents.push("feature/x"))).to.deep.equal(["up"]);
    expect(await jobsOf(githubEvents.push("main"))).to.deep.equal([]);
    expect(workflow.on.push, "no tags").to.deep.equal({ branches: ["**"] });
  });

  it("destroys on close and on deletion, but not for a fork's branch of the same name", async () => {
    expect(await jobsOf(githubEvents.close("feature/x"))).to.deep.equal(["destroy"]);
    expect(await jobsOf(githubEvents.delete("feature/x"))).to.deep.equal(["destroy"]);
    expect(await jobsOf(githubEvents.close("feature/x", "fork/project"))).to.deep.equal([]);
  });

  it("judges all stacks every night, and does nothing else then", async () => {
    expect(await jobsOf(githubEvents.nightly())).to.deep.equal(["sweep"]);
    expect(workflow.on.schedule).to.deep.equal([{ cron: "17 3 * * *" }]);
  });

  it("runs `up` and `destroy` of a branch one after the other and cancels none", async () => {
    const groups = [
      await evaluateText(up!.concurrency!.group, githubEvents.push("feature/x")),
      await evaluateText(destroy!.concurrency!.group, githubEvents.close("feature/x")),
      await evaluateText(destroy!.concurrency!.group, githubEvents.delete("feature/x")),
    ];
    expect(new Set(groups)).to.deep.equal(new Set(["review-environment/feature/x"]));
    for (const job of [up, destroy]) {
      expect(job!.concurrency!["cancel-in-progress"]).to.equal(false);
    }
  });

  it("has no expression inside a script, so that no branch's name becomes one", () => {
    const scripts = jobs.flatMap(([, job]) => job.steps.map((step) => step.run ?? ""));
    expect(scripts.filter((script) => script.includes("${{"))).to.deep.equal([]);
  });

  it("never checks out a pull request's code where secrets are, and keeps no token", () => {
    const own = { "persist-credentials": false };
    const base = {
      ...own,
      ref: "${{ github.event.repository.default_branch }}",
      path: "base",
    };
    const checkouts = jobs.map(([name, job]) => [
      name,
      job.steps
        .filter((step) => step.uses?.startsWith("actions/checkout@"))
        .map((step) => step.with),
    ]);
    expect(Object.fromEntries(checkouts)).to.deep.equal({
      preview: [base, own],
      up: [base, own],
      destroy: [own],
      sweep: [own],
    });
  });

  it("may only read the repository, and gives settings to `up`, `destroy` and `sweep` alone", () => {
    expect(workflow.permissions).to.deep.equal({});
    jobs.forEach(([, job]) => expect(job.permissions).to.deep.equal({ contents: "read" }));
    expect(workflow.jobs.preview).not.to.have.property("environment");
    expect(JSON.stringify(workflow.jobs.preview)).not.to.match(/secrets\.|vars\.|github\.token/);
  });

  it("gives `sweep` settings of its own", () => {
    expect(sweep!.environment).to.equal("review-sweep");
    expect([up!.environment, destroy!.environment]).to.deep.equal(["review", "review"]);
    expect(JSON.stringify(sweep)).not.to.match(/github\.token/);
  });
});

describe("the pipeline for GitLab", function () {
  this.timeout(180_000);
  let jobs: Awaited<ReturnType<typeof gitlabJobs>>;

  before(async () => {
    jobs = await gitlabJobs();
  });

  it("is valid by GitLab's own schema, which refuses a key that it does not know", async () => {
    const content = readFileSync(gitlabFile, "utf8");
    const valid = await gitlabCiLocal(content, ["--preview"]);
    expect(valid.exitCode, valid.output).to.equal(0);
    expect(valid.output).to.include("json schema validated");
    const broken = content.replace("resource_group:", "serialized:");
    const invalid = await gitlabCiLocal(broken, ["--preview"]);
    expect(invalid.exitCode).to.equal(1);
    expect(invalid.output).to.include("'serialized' property is not expected to be here");
  });

  const made = ["review-name", "review-up", "review-stop (manual)"];
  const previewed = ["review-name", "review-preview", "review-up", "review-stop (manual)"];
  const pipelines = {
    "a push": { variables: gitlabEvents.push("feature/x"), jobs: made },
    "a merge request": { variables: gitlabEvents.mergeRequest("feature/x"), jobs: previewed },
    "a push to a branch with a merge request, which has pipelines of its own": {
      variables: { ...gitlabEvents.push("feature/x"), CI_OPEN_MERGE_REQUESTS: "group/project!1" },
      jobs: [],
    },
    "a merge request from a fork": {
      variables: {
        ...gitlabEvents.mergeRequest("feature/x"),
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2",
      },
      jobs: ["review-preview"],
    },
    "a fork's own pipeline for its merge request": {
      variables: {
        ...gitlabEvents.mergeRequest("feature/x"),
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2",
        CI_PROJECT_ID: "2",
      },
      jobs: ["review-preview"],
    },
    "a merge train": {
      variables: {
        ...gitlabEvents.mergeRequest("feature/x"),
        CI_MERGE_REQUEST_EVENT_TYPE: "merge_train",
      },
      jobs: ["review-preview"],
    },
    "the default branch": { variables: gitlabEvents.push("main"), jobs: [] },
    "a schedule of the default branch": {
      variables: gitlabEvents.schedule("main"),
      jobs: ["review-sweep"],
    },
    "a schedule of another branch": { variables: gitlabEvents.schedule("feature/x"), jobs: [] },
    "a protected branch": {
      variables: { ...gitlabEvents.push("release"), CI_COMMIT_REF_PROTECTED: "true" },
      jobs: [],
    },
    "a merge request from a protected branch": {
      variables: {
        ...gitlabEvents.mergeRequest("release"),
        CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED: "true",
      },
      jobs: ["review-preview"],
    },
  };
  for (const [name, expected] of Object.entries(pipelines)) {
    it(`runs for ${name}: ${expected.jobs.join(", ") || "nothing"}`, async () => {
      const listed = await gitlabJobsOf(expected.variables);
      const labels = listed.map(({ name: job, when }) =>
        when === "on_success" ? job : `${job} (${when})`,
      );
      expect(labels).to.have.members(expected.jobs);
    });
  }

  it("stops an environment by the job that GitLab looks for, under the same rules", () => {
    const { "review-up": up, "review-stop": stop } = jobs;
    expect(up!.environment!.on_stop).to.equal("review-stop");
    expect(stop!.environment!.action).to.equal("stop");
    expect(stop!.environment!.name).to.equal(up!.environment!.name);
    expect(stop!.stage).to.equal(up!.stage);
  });

  it("runs `up` and `stop` of a branch one after the other and cancels none", () => {
    const { "review-up": up, "review-stop": stop } = jobs;
    expect(up!.resource_group).to.be.a("string").and.to.equal(stop!.resource_group);
    expect([up!.interruptible, stop!.interruptible]).to.deep.equal([false, false]);
  });

  it("stops without the branch and without the result of `up`, by artifacts that stay", () => {
    const { "review-stop": stop, "review-name": name } = jobs;
    expect(stop!.variables).to.deep.equal({ GIT_STRATEGY: "none" });
    expect(stop!.needs!.map(({ job }) => job)).to.deep.equal(["review-name"]);
    expect(name!.artifacts!.expire_in).to.equal("never");
  });

  it("gives settings to `up` and `stop`, others to `sweep`, and none to any other job", () => {
    const scopes = Object.entries(jobs).flatMap(([name, { environment }]) =>
      environment === undefined ? [] : [[name, environment.name]],
    );
    expect(Object.fromEntries(scopes)).to.deep.equal({
      "review-up": "review/$CI_COMMIT_REF_SLUG",
      "review-stop": "review/$CI_COMMIT_REF_SLUG",
      "review-sweep": "review-sweep",
    });
    expect(jobs["review-sweep"]!.environment!.action, "deploys nothing").to.equal("access");
  });
});

describe("the files of the pipelines", () => {
  it("are shell that any POSIX shell runs, and stop at the first failure", () => {
    for (const script of readdirSync(join(repository, "ci")).filter((name) => /\.sh$/.test(name))) {
      const lines = readFileSync(join(repository, "ci", script), "utf8").split("\n");
      expect(lines[0], script).to.equal("#!/bin/sh");
      expect(lines, script).to.include("set -eu");
    }
  });

  it("hold settings for continuous integration without a salt or a secret", () => {
    const settings = readFileSync(join(repository, "Pulumi.ci.yaml"), "utf8");
    expect(Object.keys(parse(settings) as object)).to.deep.equal(["config"]);
    expect(settings).not.to.match(/secure:/);
  });

  it("judge a permanent stack as one by every policy that asks what a stack is", () => {
    const file = join(repository, "ci", "policy.permanent.json");
    const asking = policies.filter(({ settings }) => "profile" in settings);
    expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal(
      Object.fromEntries(asking.map(({ name }) => [name, { profile: "permanent" }])),
    );
  });

  it("name no permanent stack until somebody does", () => {
    const lines = readFileSync(join(repository, "ci", "permanent-stacks"), "utf8").split("\n");
    expect(lines.filter((line) => line !== "" && !line.startsWith("#"))).to.deep.equal([]);
  });
});
