import { readFileSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { evaluateText } from "./support/githubExpressions";
import {
  environmentOf,
  githubEvents,
  jobsOf,
  type PullRequest,
  workflow,
  workflowFile,
} from "./support/pipelineGithub";
import { gitlabEvents, gitlabFile, gitlabJobs, gitlabJobsOf } from "./support/pipelineGitlab";
import { gitlabCiLocal, workflowErrors } from "./support/pipelineSchemas";

const branch = "feature/x";
const fork = "fork/project";

describe("the workflow for GitHub", function () {
  this.timeout(180_000);
  const jobs = Object.entries(workflow.jobs);
  const withCredentials = ["up", "destroy", "sweep", "reap"];

  it("is what GitHub's own parser accepts, which refuses a key that it does not know", async () => {
    const content = readFileSync(workflowFile, "utf8");
    expect(await workflowErrors(content)).to.deep.equal([]);
    const broken = content.replace("concurrency:", "serialized:");
    expect((await workflowErrors(broken)).join()).to.include("Unexpected value 'serialized'");
  });

  it("checks a pull request, whoever's it is", async () => {
    const open = (from?: string) =>
      githubEvents.pullRequest("pull_request", "opened", { branch, ...(from && { from }) });
    expect(await jobsOf(open())).to.deep.equal(["check"]);
    expect(await jobsOf(open(fork))).to.deep.equal(["check"]);
  });

  const label = "review";
  const labelled = { labels: [label] };
  const events: Record<
    string,
    {
      readonly action: string;
      readonly request?: Partial<PullRequest>;
      readonly REVIEW_LABEL?: string;
      readonly jobs: readonly string[];
    }
  > = {
    "a request that is opened": { action: "opened", jobs: ["up"] },
    "a push": { action: "synchronize", jobs: ["up"] },
    "a request that is opened again": { action: "reopened", jobs: ["up"] },
    "a draft": { action: "opened", request: { draft: true }, jobs: [] },
    "a draft that is ready": { action: "ready_for_review", jobs: ["up"] },
    "a request that becomes a draft": {
      action: "converted_to_draft",
      request: { draft: true },
      jobs: ["destroy"],
    },
    "a merge or close": { action: "closed", jobs: ["destroy"] },
    "a fork's request": { action: "opened", request: { from: fork }, jobs: [] },
    "a fork's branch that is named like one here": {
      action: "closed",
      request: { from: fork },
      jobs: [],
    },
    "a title that is edited": { action: "edited", jobs: [] },
    "a label, where none is asked for": {
      action: "labeled",
      request: { ...labelled, label },
      jobs: [],
    },
    "no label, where one is asked for": { action: "opened", REVIEW_LABEL: label, jobs: [] },
    "the label that is asked for": {
      action: "synchronize",
      request: labelled,
      REVIEW_LABEL: label,
      jobs: ["up"],
    },
    "the label that is given": {
      action: "labeled",
      request: { ...labelled, label },
      REVIEW_LABEL: label,
      jobs: ["up"],
    },
    "another label that is given": {
      action: "labeled",
      request: { labels: [label, "bug"], label: "bug" },
      REVIEW_LABEL: label,
      jobs: [],
    },
    "the label that is taken": {
      action: "unlabeled",
      request: { label },
      REVIEW_LABEL: label,
      jobs: ["destroy"],
    },
    "another label that is taken": {
      action: "unlabeled",
      request: { ...labelled, label: "bug" },
      REVIEW_LABEL: label,
      jobs: [],
    },
  };
  for (const [name, { action, request, REVIEW_LABEL, jobs: expected }] of Object.entries(events)) {
    it(`runs for ${name}: ${expected.join() || "nothing"}`, async () => {
      const event = githubEvents.pullRequest("pull_request_target", action, { branch, ...request });
      const vars: Record<string, string> = REVIEW_LABEL === undefined ? {} : { REVIEW_LABEL };
      expect(await jobsOf(event, vars)).to.deep.equal(expected);
    });
  }

  it("destroys when a branch is deleted, does what somebody asks for, sweeps every night and reaps every hour", async () => {
    expect(await jobsOf(githubEvents.delete(branch))).to.deep.equal(["destroy"]);
    expect(await jobsOf(githubEvents.byHand(branch, "up"))).to.deep.equal(["up"]);
    expect(await jobsOf(githubEvents.byHand(branch, "destroy"))).to.deep.equal(["destroy"]);
    expect(await jobsOf(githubEvents.nightly())).to.deep.equal(["sweep"]);
    expect(await jobsOf(githubEvents.hourly())).to.deep.equal(["reap"]);
    expect(workflow.on.schedule).to.deep.equal([{ cron: "17 3 * * *" }, { cron: "41 * * * *" }]);
  });

  it("runs `up` and `destroy` of a branch one after the other and cancels none", async () => {
    const { up, destroy } = workflow.jobs;
    const changed = githubEvents.pullRequest("pull_request_target", "opened", { branch });
    const byHand = githubEvents.byHand(branch, "up");
    const groups = [
      await evaluateText(up!.concurrency!.group, changed),
      await evaluateText(up!.concurrency!.group, byHand),
      await evaluateText(destroy!.concurrency!.group, changed),
      await evaluateText(destroy!.concurrency!.group, byHand),
      await evaluateText(destroy!.concurrency!.group, githubEvents.delete(branch)),
    ];
    expect(new Set(groups)).to.deep.equal(new Set([`review-environment/${branch}`]));
    for (const job of [up, destroy]) {
      expect(job!.concurrency!["cancel-in-progress"]).to.equal(false);
    }
  });

  it("has no expression inside a script, so that no branch's name becomes one", () => {
    const scripts = jobs.flatMap(([, job]) => job.steps.map((step) => step.run ?? ""));
    expect(scripts.filter((script) => script.includes("${{"))).to.deep.equal([]);
  });

  it("names each action by a commit", () => {
    const used = jobs.flatMap(([, { steps }]) => steps.flatMap(({ uses }) => uses ?? []));
    expect(used).to.have.length.above(8);
    used.forEach((action) => expect(action).to.match(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/));
  });

  it("runs scripts in the default branch's checkout alone where credentials are, and keeps no token", () => {
    const base = { ref: "${{ github.event.repository.default_branch }}", path: "base" };
    const own = { "persist-credentials": false };
    const checkouts = jobs.map(([name, { steps }]) => [
      name,
      steps.flatMap(({ uses, with: given }) =>
        uses?.startsWith("actions/checkout@") ? [given] : [],
      ),
    ]);
    expect(Object.fromEntries(checkouts)).to.deep.equal({
      check: [
        { ...own, ...base },
        { ...own, path: "branch" },
      ],
      up: [
        { ...own, ...base },
        { ...own, ref: "refs/heads/${{ env.BRANCH }}", path: "branch" },
      ],
      destroy: [{ ...own, ...base }],
      sweep: [{ ...own, path: "base" }],
      reap: [{ ...own, path: "base" }],
    });
    expect(workflow.defaults.run["working-directory"]).to.equal("base/.");
    const elsewhere = withCredentials.flatMap((name) =>
      workflow.jobs[name]!.steps.flatMap((step) => step["working-directory"] ?? []),
    );
    expect(elsewhere).to.deep.equal([]);
  });

  it("gives no job more than it needs, and the check nothing", () => {
    const signIn = { contents: "read", "id-token": "write" };
    const comment = { ...signIn, "pull-requests": "write" };
    expect(workflow.permissions).to.deep.equal({});
    expect(
      Object.fromEntries(jobs.map(([name, { permissions }]) => [name, permissions])),
    ).to.deep.equal({
      check: { contents: "read" },
      up: comment,
      destroy: comment,
      sweep: signIn,
      reap: signIn,
    });
    expect(Object.fromEntries(jobs.map(([name, job]) => [name, environmentOf(job)]))).to.deep.equal(
      {
        check: undefined,
        up: "review",
        destroy: "review",
        sweep: "review",
        reap: "review",
      },
    );
    expect(JSON.stringify(workflow.jobs.check)).not.to.match(/secrets\.|vars\.|github\.token/);
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

  const made = ["review-check", "review-up", "review-stop (manual)"];
  const checked = ["review-check"];
  const request = gitlabEvents.mergeRequest(branch);
  const pipelines: Record<
    string,
    { readonly variables: Readonly<Record<string, string>>; readonly jobs: readonly string[] }
  > = {
    "a merge request": { variables: request, jobs: made },
    "a push": { variables: gitlabEvents.push(branch), jobs: [] },
    "whoever starts it for a branch": {
      variables: gitlabEvents.byHand(branch),
      jobs: ["review-up", "review-stop (manual)"],
    },
    "whoever starts it for the default branch": {
      variables: gitlabEvents.byHand("main"),
      jobs: [],
    },
    "a draft": {
      variables: { ...request, CI_MERGE_REQUEST_TITLE: "Draft: a change" },
      jobs: checked,
    },
    "no label, where one is asked for": {
      variables: { ...request, REVIEW_LABEL: "/(^|,)review(,|$)/", CI_MERGE_REQUEST_LABELS: "bug" },
      jobs: checked,
    },
    "the label that is asked for": {
      variables: {
        ...request,
        REVIEW_LABEL: "/(^|,)review(,|$)/",
        CI_MERGE_REQUEST_LABELS: "bug,review",
      },
      jobs: made,
    },
    "a merge request from a fork": {
      variables: { ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2" },
      jobs: checked,
    },
    "a fork's own pipeline for its merge request": {
      variables: { ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2", CI_PROJECT_ID: "2" },
      jobs: checked,
    },
    "a merge train": {
      variables: { ...request, CI_MERGE_REQUEST_EVENT_TYPE: "merge_train" },
      jobs: checked,
    },
    "a schedule of the default branch": {
      variables: gitlabEvents.schedule("main"),
      jobs: ["review-sweep"],
    },
    "a schedule of the default branch that reaps": {
      variables: { ...gitlabEvents.schedule("main"), REVIEW_SCHEDULE: "reap" },
      jobs: ["review-reap"],
    },
    "a schedule of another branch": { variables: gitlabEvents.schedule(branch), jobs: [] },
    "a protected branch": {
      variables: { ...gitlabEvents.byHand("release"), CI_COMMIT_REF_PROTECTED: "true" },
      jobs: [],
    },
    "a merge request from a protected branch": {
      variables: {
        ...gitlabEvents.mergeRequest("release"),
        CI_MERGE_REQUEST_SOURCE_BRANCH_PROTECTED: "true",
      },
      jobs: checked,
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

  it("stops without the branch and without the result of `up`", () => {
    const { "review-stop": stop } = jobs;
    expect(stop!.variables!.GIT_STRATEGY).to.equal("none");
    expect(stop!.needs).to.deep.equal([]);
  });

  it("takes command, settings and policies from the default branch, in every job", () => {
    for (const [name, { before_script: script = [] }] of Object.entries(jobs)) {
      const text = script.join("\n");
      expect(text, name).to.contain('git clone --quiet --depth 1 --branch "$CI_DEFAULT_BRANCH"');
      expect(script.indexOf('cd "$BASE/$REVIEW_FOLDER"'), name).to.be.above(0);
    }
  });

  it("lets the jobs with an environment sign in to the cluster, and no other", () => {
    const signingIn = Object.entries(jobs).flatMap(([name, job]) => (job.id_tokens ? [name] : []));
    expect(signingIn).to.have.members(["review-up", "review-stop", "review-sweep", "review-reap"]);
  });

  it("gives settings to `up` and `stop`, others to `sweep` and `reap`, and none to any other job", () => {
    const scopes = Object.entries(jobs).flatMap(([name, { environment }]) =>
      environment === undefined ? [] : [[name, environment.name]],
    );
    expect(Object.fromEntries(scopes)).to.deep.equal({
      "review-up": "review/$CI_COMMIT_REF_SLUG",
      "review-stop": "review/$CI_COMMIT_REF_SLUG",
      "review-sweep": "review/_sweep",
      "review-reap": "review/_reap",
    });
    for (const name of ["review-sweep", "review-reap"]) {
      expect(jobs[name]!.environment!.action, "deploys nothing").to.equal("access");
    }
  });
});

describe("the settings of this repository for continuous integration", () => {
  it("are without a salt or a secret", () => {
    const settings = readFileSync(`${__dirname}/../../../Pulumi.ci.yaml`, "utf8");
    expect(Object.keys(parse(settings) as object)).to.deep.equal(["config"]);
    expect(settings).not.to.match(/secure:/);
  });
});
