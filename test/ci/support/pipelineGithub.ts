import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Contexts, evaluate, evaluateAll, isTrue } from "./githubExpressions";
import { type JobRun, type PipelineHost, requestOf, type Secrets } from "./pipelineHost";
import { type PipelineRepository } from "./pipelineRepository";

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly "working-directory"?: string;
}

export interface Job {
  readonly if: string;
  readonly environment?: string | { readonly name: string; readonly url: string };
  readonly env: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly steps: readonly Step[];
}

/** A workflow, as far as the tests look at it. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly env: Readonly<Record<string, unknown>>;
  readonly defaults: { readonly run: { readonly "working-directory": string } };
  readonly jobs: Readonly<Record<string, Job>>;
}

export const workflowFile = resolve(__dirname, "../../../../ci/github/review-environments.yml");
export const workflow = parse(readFileSync(workflowFile, "utf8")) as Workflow;

/** As the stand-in for GitHub calls it. */
export const repositoryName = "Acme/shop";

/** What a pull request is like when something happens to it. */
export interface PullRequest {
  readonly branch: string;
  /** The repository of the branch; another one is a fork. */
  readonly from?: string;
  readonly draft?: boolean;
  readonly labels?: readonly string[];
  /** The label that was given or taken. */
  readonly label?: string;
  readonly number?: number;
}

/** What GitHub says of the things that can happen to a branch. */
export const githubEvents = {
  pullRequest: (event: string, action: string, request: PullRequest) =>
    eventContexts(
      event,
      { head_ref: request.branch },
      {
        action,
        ...(request.label === undefined ? {} : { label: { name: request.label } }),
        pull_request: pullRequest(request, action === "closed" ? "closed" : "open"),
      },
    ),
  delete: (branch: string) => eventContexts("delete", {}, { ref: branch, ref_type: "branch" }),
  byHand: (branch: string, action: string) => ({
    ...eventContexts("workflow_dispatch", {}, {}),
    inputs: { branch, action },
  }),
  nightly: (): Contexts => scheduled("17 3 * * *"),
  hourly: (): Contexts => scheduled("41 * * * *"),
};

/** Of the repository GitHub says nothing then. */
function scheduled(schedule: string): Contexts {
  return {
    inputs: {},
    github: { ...hostContext("schedule"), ref_name: "main", event: { schedule } },
  };
}

/** Both events that a change of a pull request is; with conflicts only the second one. */
function changeEvents(action: string, request: PullRequest, hasConflicts = false): Contexts[] {
  const target = githubEvents.pullRequest("pull_request_target", action, request);
  const isChecked = ["opened", "synchronize", "reopened"].includes(action) && !hasConflicts;
  return isChecked ? [githubEvents.pullRequest("pull_request", action, request), target] : [target];
}

/** Runs the workflow for GitHub: every `run` as it is written, in order, in one workspace a job. */
export class GithubPipelines implements PipelineHost {
  constructor(
    private readonly repository: PipelineRepository,
    private readonly secrets: Secrets,
  ) {}

  open = (branch: string) => this.change("opened", branch);
  push = (branch: string, hasConflicts = false) => this.change("synchronize", branch, hasConflicts);
  reopen = (branch: string) => this.change("reopened", branch);
  close = (branch: string) => this.change("closed", branch);
  deleteBranch = (branch: string) => this.run([githubEvents.delete(branch)], branch);
  byHand = (branch: string) => this.run([githubEvents.byHand(branch, "up")], branch);
  nightly = () => this.run([githubEvents.nightly()], "main");
  hourly = () => this.run([githubEvents.hourly()], "main");

  private change(action: string, branch: string, hasConflicts = false): Promise<JobRun[]> {
    const request = requestOf(this.secrets.host, branch);
    request.state = action === "closed" ? "closed" : "open";
    const { number } = request;
    return this.run(changeEvents(action, { branch, number }, hasConflicts), branch);
  }

  private async run(events: readonly Contexts[], branch: string): Promise<JobRun[]> {
    const runs: JobRun[] = [];
    for (const contexts of events) {
      for (const name of await jobsOf(contexts)) {
        runs.push(await this.runJob(name, contexts, branch));
      }
    }
    return runs;
  }

  private async runJob(name: string, contexts: Contexts, branch: string): Promise<JobRun> {
    const written = await this.workflow();
    const job = written.jobs[name]!;
    const github = { ...(contexts.github as object), token: this.secrets.host.token };
    const runner = new GithubRunner(this.repository, job, written, {
      ...contexts,
      github,
      ...this.settingsOf(job),
    });
    return { job: name, ...(await runner.run(branch)) };
  }

  /** What the repository has on its default branch, as `review init` wrote it. */
  private async workflow(): Promise<Workflow> {
    const path = ".github/workflows/review-environments.yml";
    return parse(await this.repository.contentOnMain(path)) as Workflow;
  }

  /** Only jobs that name an environment get what is set in it. */
  private settingsOf(job: Job): Contexts {
    const { backend, passphrase, kubeconfig } = this.secrets;
    const name = environmentOf(job);
    return name === "review"
      ? {
          vars: { PULUMI_BACKEND_URL: backend },
          secrets: {
            PULUMI_CONFIG_PASSPHRASE: passphrase,
            REVIEW_KUBECONFIG: readFileSync(kubeconfig, "utf8"),
          },
        }
      : { vars: {}, secrets: {} };
  }
}

export function environmentOf({ environment }: Job): string | undefined {
  return typeof environment === "object" ? environment.name : environment;
}

/** What became of the steps before. */
interface StepEnd {
  readonly outcome: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
}

/** One job on one machine. */
class GithubRunner {
  private readonly workspace: string;
  private readonly temp: string;
  private readonly ends: Record<string, StepEnd> = {};
  private status: "success" | "failure" = "success";
  private output = "";
  private exitCode = 0;

  constructor(
    private readonly repository: PipelineRepository,
    private readonly job: Job,
    private readonly workflow: Workflow,
    private readonly contexts: Contexts,
  ) {
    this.workspace = repository.emptyFolder();
    this.temp = repository.emptyFolder();
  }

  /** @param branch what is checked out where a step names nothing. */
  async run(branch: string): Promise<Omit<JobRun, "job">> {
    for (const step of this.job.steps) {
      const end = (await this.isDue(step))
        ? await this.runStep(step, branch)
        : { outcome: "skipped" as const, outputs: {} };
      this.ends[step.id ?? ""] = end;
    }
    const { output, exitCode } = this;
    const { url } = Object(this.job.environment) as { url?: string };
    return {
      output,
      exitCode,
      changes: await this.changes(),
      ...(url === undefined ? {} : { url: (await this.evaluated({ url })).url }),
    };
  }

  /** Without a word about the steps before, a step is due while none has failed. */
  private async isDue({ if: condition }: Step): Promise<boolean> {
    const text = condition?.replace(/^\$\{\{|\}\}$/g, "") ?? "success()";
    const asksForStatus = /\b(success|failure|cancelled|always)\(/.test(text);
    return (
      (asksForStatus || this.status === "success") &&
      isTrue(await evaluate(text, await this.known(), this.functions()))
    );
  }

  private functions() {
    return {
      success: () => this.status === "success",
      failure: () => this.status === "failure",
      cancelled: () => false,
      always: () => true,
    };
  }

  private async known(): Promise<Contexts> {
    const before = { ...this.contexts, runner: { temp: this.temp }, steps: this.ends };
    const env = await evaluateAll({ ...this.workflow.env, ...this.job.env }, before);
    return { ...before, env };
  }

  private async evaluated(values: Readonly<Record<string, unknown>>) {
    return evaluateAll(values, await this.known());
  }

  private async runStep(step: Step, branch: string): Promise<StepEnd> {
    if (step.uses?.startsWith("actions/checkout@")) {
      const { ref = branch, path = "" } = await this.evaluated(step.with ?? {});
      await this.repository.checkOut(ref.replace("refs/heads/", ""), join(this.workspace, path));
    }
    if (step.run === undefined) {
      return { outcome: "success", outputs: {} };
    }
    const outputs = join(this.temp, `output-${Object.keys(this.ends).length}`);
    writeFileSync(outputs, "");
    const variables = { ...(await this.variables(step)), GITHUB_OUTPUT: outputs };
    const folder = step["working-directory"] ?? this.workflow.defaults.run["working-directory"];
    const { exitCode, output } = await this.repository.run(
      ["bash", "-e", "-c", step.run],
      join(this.workspace, folder),
      variables,
    );
    this.output += output;
    if (exitCode !== 0 && this.status === "success") {
      this.status = "failure";
      this.exitCode = exitCode;
    }
    return { outcome: exitCode === 0 ? "success" : "failure", outputs: outputsIn(outputs) };
  }

  private async variables(step: Step): Promise<Record<string, string>> {
    const event = join(this.temp, "event.json");
    const { github } = this.contexts as { github: { event: object; event_name: string } };
    writeFileSync(event, JSON.stringify(github.event));
    const { env } = await this.known();
    return {
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_NAME: github.event_name,
      GITHUB_EVENT_PATH: event,
      GITHUB_REPOSITORY: repositoryName,
      GITHUB_RUN_ID: "1",
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_WORKSPACE: this.workspace,
      RUNNER_TEMP: this.temp,
      ...this.repository.hostVariables,
      ...(env as Record<string, string>),
      ...(await this.evaluated(step.env ?? {})),
    };
  }

  private async changes(): Promise<string> {
    const checkouts = ["base", "branch"].map((name) => join(this.workspace, name));
    const changes = await Promise.all(checkouts.map((one) => this.repository.changes(one)));
    return changes.join("");
  }
}

function outputsIn(file: string): Record<string, string> {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", ...value] = line.split("=");
      return [name, value.join("=")];
    }),
  );
}

/** The jobs that GitHub runs for an event, where the repository's variables are these. */
export async function jobsOf(
  contexts: Contexts,
  vars: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const { event_name: eventName, event } = contexts.github as {
    event_name: string;
    event: { action?: string };
  };
  const names: string[] = [];
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const condition = await evaluate(job.if, { ...contexts, vars });
    if (isTriggered(eventName, event.action) && isTrue(condition)) {
      names.push(name);
    }
  }
  return names;
}

function isTriggered(eventName: string, action: string | undefined): boolean {
  const { types = ["opened", "synchronize", "reopened"] } = Object(workflow.on[eventName]) as {
    types?: readonly string[];
  };
  return eventName in workflow.on && (action === undefined || types.includes(action));
}

function eventContexts(name: string, github: object, payload: object): Contexts {
  const repository = { default_branch: "main", full_name: repositoryName };
  return {
    inputs: {},
    github: { ...hostContext(name), ...github, event: { repository, ...payload } },
  };
}

function hostContext(name: string) {
  return { event_name: name, repository: repositoryName, token: "token-of-this-run" };
}

function pullRequest(
  { branch, from = repositoryName, draft = false, labels = [], number = 7 }: PullRequest,
  state: string,
) {
  return {
    number,
    state,
    draft,
    labels: labels.map((name) => ({ name })),
    head: { ref: branch, repo: { full_name: from } },
    base: { repo: { full_name: repositoryName } },
  };
}
