import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type JobRun, type PipelineHost, requestOf, type Secrets } from "./pipelineHost";
import { type PipelineRepository } from "./pipelineRepository";
import { gitlabCiLocal } from "./pipelineSchemas";

interface Job {
  readonly stage: string;
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly environment?: {
    readonly name: string;
    readonly url?: string;
    readonly on_stop?: string;
    readonly action?: string;
  };
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly resource_group?: string;
  readonly interruptible?: boolean;
  readonly needs?: readonly { readonly job: string }[];
}

type Variables = Readonly<Record<string, string>>;

export const gitlabFile = resolve(__dirname, "../../../../ci/gitlab/review-environments.yml");

/** The jobs of the pipeline, with all that they inherit, as gitlab-ci-local expands them. */
export async function gitlabJobs(
  content = readFileSync(gitlabFile, "utf8"),
): Promise<Record<string, Job>> {
  const { stdout, output, exitCode } = await gitlabCiLocal(content, ["--preview"]);
  if (exitCode !== 0) {
    throw new Error(output);
  }
  const entries = Object.entries(parse(stdout) as Record<string, Job>);
  return Object.fromEntries(entries.filter(([, value]) => "script" in value));
}

/** What GitLab says of the pipelines that a branch can have. */
export const gitlabEvents = {
  push: (branch: string): Variables => ({
    ...common(branch),
    CI_PIPELINE_SOURCE: "push",
    CI_COMMIT_BRANCH: branch,
  }),
  mergeRequest: (branch: string): Variables => ({
    ...common(branch),
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_MERGE_REQUEST_IID: "7",
    CI_MERGE_REQUEST_TITLE: "A change",
    CI_MERGE_REQUEST_LABELS: "",
    // GitLab does not set it here; gitlab-ci-local would, to the branch of its own checkout.
    CI_COMMIT_BRANCH: "",
    CI_MERGE_REQUEST_PROJECT_ID: "7",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "7",
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: branch,
  }),
  byHand: (branch: string): Variables => ({
    ...common(branch),
    CI_PIPELINE_SOURCE: "web",
    CI_COMMIT_BRANCH: branch,
  }),
  schedule: (branch: string): Variables => ({
    ...common(branch),
    CI_PIPELINE_SOURCE: "schedule",
    CI_COMMIT_BRANCH: branch,
  }),
};

/**
 * Runs the pipeline for GitLab: all lines of a job in one shell, each job in a checkout of its own
 * or, with `GIT_STRATEGY: none`, in an empty folder. The stop job is that of the branch's last pipeline, as
 * on the host.
 */
export class GitlabPipelines implements PipelineHost {
  private readonly lastPipelines = new Map<string, Variables>();

  private constructor(
    private readonly repository: PipelineRepository,
    private readonly secrets: Secrets,
    private readonly jobs: Readonly<Record<string, Job>>,
  ) {}

  /** The pipeline is what `review init` wrote. */
  static async of(repository: PipelineRepository, secrets: Secrets): Promise<GitlabPipelines> {
    const written = await repository.contentOnMain(".gitlab/review-environments.yml");
    return new GitlabPipelines(repository, secrets, await gitlabJobs(written));
  }

  open(branch: string): Promise<JobRun[]> {
    const request = requestOf(this.secrets.host, branch);
    request.state = "open";
    const CI_MERGE_REQUEST_IID = String(request.number);
    return this.runPipeline(branch, { ...gitlabEvents.mergeRequest(branch), CI_MERGE_REQUEST_IID });
  }

  push(branch: string): Promise<JobRun[]> {
    return this.open(branch);
  }

  /** GitLab runs nothing then; a person starts the request's pipeline. */
  reopen(branch: string): Promise<JobRun[]> {
    return this.open(branch);
  }

  close(branch: string): Promise<JobRun[]> {
    requestOf(this.secrets.host, branch).state = "closed";
    return this.stop(branch);
  }

  deleteBranch(branch: string): Promise<JobRun[]> {
    return this.stop(branch);
  }

  byHand(branch: string): Promise<JobRun[]> {
    return this.runPipeline(branch, gitlabEvents.byHand(branch));
  }

  nightly(): Promise<JobRun[]> {
    return this.runPipeline("main", gitlabEvents.schedule("main"));
  }

  hourly(): Promise<JobRun[]> {
    return this.runPipeline("main", { ...gitlabEvents.schedule("main"), REVIEW_SCHEDULE: "reap" });
  }

  private async runPipeline(branch: string, variables: Variables): Promise<JobRun[]> {
    this.lastPipelines.set(branch, variables);
    const runs: JobRun[] = [];
    for (const { name, when } of await gitlabJobsOf(variables)) {
      if (when === "on_success" && runs.every((run) => run.exitCode === 0)) {
        runs.push(await this.runJob(name, variables));
      }
    }
    return runs;
  }

  private async stop(branch: string): Promise<JobRun[]> {
    return [await this.runJob("review-stop", this.lastPipelines.get(branch)!)];
  }

  private async runJob(name: string, variables: Variables): Promise<JobRun> {
    const job = this.jobs[name]!;
    const folder =
      job.variables?.GIT_STRATEGY === "none"
        ? this.repository.emptyFolder()
        : await this.repository.checkOut(variables.CI_COMMIT_REF_NAME!);
    const script = [...(job.before_script ?? []), ...job.script].join("\n");
    const { exitCode, output } = await this.repository.run(
      ["bash", "-c", `set -eo pipefail\n${script}`],
      folder,
      {
        CI: "true",
        GITLAB_CI: "true",
        CI_PROJECT_DIR: folder,
        CI_PROJECT_URL: this.repository.origin.replace(/\.git$/, ""),
        CI_JOB_TOKEN: "token-of-this-job",
        CI_JOB_URL: "https://gitlab.example/group/project/-/jobs/1",
        ...this.repository.hostVariables,
        ...variables,
        ...job.variables,
        ...this.settingsOf(job),
      },
    );
    const url = urlIn(folder, job);
    const changes = await this.repository.changes(folder);
    // A report of the job lies where GitLab takes it from.
    const unreported = changes.replace(/^\?\? review\.env$/m, "");
    return { job: name, exitCode, output, changes: unreported, ...(url && { url }) };
  }

  /** Only jobs whose environment is in a scope get what is set for it. */
  private settingsOf({ environment: { name } = { name: "" } }: Job): Variables {
    const { backend, passphrase, kubeconfig, host } = this.secrets;
    return name.startsWith("review/")
      ? {
          PULUMI_BACKEND_URL: backend,
          PULUMI_CONFIG_PASSPHRASE: passphrase,
          KUBECONFIG: kubeconfig,
          REVIEW_GITLAB_TOKEN: host.token,
        }
      : {};
  }
}

/** The address of an environment, by the report of the job that says it. */
function urlIn(folder: string, { environment }: Job): string | undefined {
  const report = join(folder, "review.env");
  if (environment?.url === undefined || !existsSync(report)) {
    return undefined;
  }
  return /^URL=(.*)$/m.exec(readFileSync(report, "utf8"))?.[1];
}

/** The jobs that GitLab puts into a pipeline with these variables, in their order. */
export async function gitlabJobsOf(
  variables: Variables,
): Promise<{ name: string; when: string }[]> {
  const given = Object.entries(variables).flatMap(([name, value]) => [
    "--variable",
    `${name}=${value}`,
  ]);
  const { stdout, output, exitCode } = await gitlabCiLocal(readFileSync(gitlabFile, "utf8"), [
    ...["--list-json", "--json-schema-validation=false"],
    ...["--ignore-predefined-vars", Object.keys(variables).join(",")],
    ...given,
  ]);
  if (exitCode !== 0) {
    throw new Error(output);
  }
  const listed = JSON.parse(stdout) as { name: string; when: string; stage: string }[];
  const stages = [".pre", "build", "test", "deploy", ".post"];
  return listed
    .filter(({ when }) => when !== "never")
    .sort((left, right) => stages.indexOf(left.stage) - stages.indexOf(right.stage));
}

function common(branch: string): Variables {
  return {
    CI_COMMIT_REF_NAME: branch,
    CI_COMMIT_REF_SLUG: slugOf(branch),
    CI_COMMIT_REF_PROTECTED: "false",
    CI_DEFAULT_BRANCH: "main",
    CI_PROJECT_ID: "7",
  };
}

/** GitLab's own rule. */
function slugOf(branch: string): string {
  return branch
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
}
