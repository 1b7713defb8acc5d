import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Sandbox } from "secure-environment-sandbox";
import { parse } from "yaml";
import { type JobRun, type PipelineHost } from "./pipelineHost";
import { type PipelineRepository } from "./pipelineRepository";

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if: string;
  readonly environment?: string;
  readonly env: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly steps: readonly Step[];
}

/** A workflow, as far as the tests look at it. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Values of an expression by context, such as `github` and `secrets`. */
export type Contexts = Readonly<Record<string, unknown>>;

export const workflowFile = resolve(__dirname, "../../../../ci/github/review-environments.yml");
export const workflow = parse(readFileSync(workflowFile, "utf8")) as Workflow;

const repositoryName = "group/project";

/** What GitHub says of the things that can happen to a branch. */
export const githubEvents = {
  open: (branch: string, from = repositoryName) =>
    event("pull_request", { head_ref: branch }, pullRequest(branch, from)),
  push: (branch: string) => event("push", { ref_name: branch }, {}),
  close: (branch: string, from = repositoryName) =>
    event("pull_request_target", { head_ref: branch }, pullRequest(branch, from)),
  delete: (branch: string) =>
    event("delete", { ref_name: "main" }, { ref: branch, ref_type: "branch" }),
  nightly: (): Contexts => ({
    // Of the repository GitHub says nothing then.
    github: { ...hostContext("schedule"), ref_name: "main", event: { schedule: "17 3 * * *" } },
  }),
};

/** Runs the workflow for GitHub: every `run` as it is written, in order, in one checkout a job. */
export class GithubPipelines implements PipelineHost {
  constructor(
    private readonly repository: PipelineRepository,
    private readonly sandbox: Sandbox,
  ) {}

  open = (branch: string) => this.run(githubEvents.open(branch), branch);
  push = (branch: string) => this.run(githubEvents.push(branch), branch);
  close = (branch: string) => this.run(githubEvents.close(branch), "main");
  deleteBranch = (branch: string) => this.run(githubEvents.delete(branch), "main");
  nightly = () => this.run(githubEvents.nightly(), "main");

  private async run(contexts: Contexts, checkedOut: string): Promise<JobRun[]> {
    const runs: JobRun[] = [];
    for (const name of await jobsOf(contexts)) {
      runs.push(await this.runJob(name, contexts, checkedOut));
    }
    return runs;
  }

  private async runJob(name: string, contexts: Contexts, checkedOut: string): Promise<JobRun> {
    const job = workflow.jobs[name]!;
    const workspace = this.repository.emptyFolder();
    const temp = this.repository.emptyFolder();
    const known = { ...contexts, ...this.settings(job), runner: { temp } };
    const run = { job: name, exitCode: 0, output: "", changes: "" };
    for (const step of job.steps) {
      if (step.uses?.startsWith("actions/checkout@")) {
        const { ref, path } = await evaluateAll(step.with ?? {}, known);
        await this.repository.checkOut(ref ?? checkedOut, join(workspace, path ?? ""));
      }
      if (step.run === undefined) {
        continue;
      }
      const variables = {
        RUNNER_TEMP: temp,
        ...(await evaluateAll({ ...job.env, ...step.env }, known)),
      };
      const shell = ["bash", "-e", "-c", step.run];
      const result = await this.repository.run(shell, workspace, variables);
      run.output += result.output;
      run.exitCode = result.exitCode;
      if (result.exitCode !== 0) {
        break;
      }
    }
    return { ...run, changes: await this.repository.changes(workspace) };
  }

  /** Only jobs that name an environment get what is set in it. */
  private settings({ environment }: Job): Contexts {
    const { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE } = this.sandbox.environment;
    const vars = { PULUMI_BACKEND_URL };
    const REVIEW_KUBECONFIG = readFileSync(this.sandbox.kubeconfig, "utf8");
    return environment === "review" || environment === "review-sweep"
      ? { vars, secrets: { PULUMI_CONFIG_PASSPHRASE, REVIEW_KUBECONFIG } }
      : { vars: {}, secrets: {} };
  }
}

/** The jobs that GitHub runs for an event. */
export async function jobsOf(contexts: Contexts): Promise<string[]> {
  const { event_name: eventName } = contexts.github as { event_name: string };
  const names: string[] = [];
  for (const [name, job] of Object.entries(workflow.jobs)) {
    if (eventName in workflow.on && (await evaluate(job.if, contexts)) === "true") {
      names.push(name);
    }
  }
  return names;
}

/** Replaces every `${{ … }}` of a text, as GitHub does, with GitHub's own evaluator. */
export async function evaluateText(text: string, contexts: Contexts): Promise<string> {
  const [first = "", ...others] = text.split("${{");
  const parts = await Promise.all(
    others.map(async (part) => {
      const [expression = "", rest = ""] = part.split("}}");
      return (await evaluate(expression, contexts)) + rest;
    }),
  );
  return first + parts.join("");
}

async function evaluateAll(
  values: Readonly<Record<string, unknown>>,
  contexts: Contexts,
): Promise<Partial<Record<string, string>>> {
  const entries = Object.entries(values).map(
    async ([name, value]) => [name, await evaluateText(String(value), contexts)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluate(expression: string, contexts: Contexts): Promise<string> {
  const { data, Evaluator, Lexer, Parser } = await import("@actions/expressions");
  const { tokens } = new Lexer(expression.trim()).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), []).parse();
  const values = JSON.parse(JSON.stringify(contexts), data.reviver) as InstanceType<
    typeof data.Dictionary
  >;
  return new Evaluator(parsed, values).evaluate().coerceString();
}

function event(name: string, github: object, payload: object): Contexts {
  const repository = { default_branch: "main", full_name: repositoryName };
  return {
    github: { ...hostContext(name), ...github, event: { repository, ...payload } },
  };
}

function hostContext(name: string) {
  return {
    event_name: name,
    actor: "jane",
    repository: repositoryName,
    token: "token-of-this-run",
  };
}

function pullRequest(branch: string, from: string) {
  return { pull_request: { head: { ref: branch, repo: { full_name: from } } } };
}
