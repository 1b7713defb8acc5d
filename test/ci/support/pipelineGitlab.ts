import { cpSync, existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Sandbox } from "secure-environment-sandbox";
import { parse } from "yaml";
import { type JobRun, type PipelineHost } from "./pipelineHost";
import { type PipelineRepository } from "./pipelineRepository";
import { gitlabCiLocal } from "./pipelineSchemas";

interface Job {
  readonly stage: string;
  readonly before_script?: readonly string[];
  readonly script: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly environment?: { readonly name: string; readonly on_stop?: string; action?: string };
  readonly resource_group?: string;
  readonly interruptible?: boolean;
  readonly needs?: readonly { readonly job: string }[];
  readonly dependencies?: readonly string[];
  readonly artifacts?: { readonly paths: readonly string[]; readonly expire_in?: string };
}

type Variables = Readonly<Record<string, string>>;

export const gitlabFile = resolve(__dirname, "../../../../ci/gitlab/review-environments.yml");

/** The jobs of the pipeline, with all that they inherit, as gitlab-ci-local expands them. */
export async function gitlabJobs(): Promise<Record<string, Job>> {
  const { stdout, output, exitCode } = await gitlabCiLocal(readFileSync(gitlabFile, "utf8"), [
    "--preview",
  ]);
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
    // GitLab does not set it here; gitlab-ci-local would, to the branch of its own checkout.
    CI_COMMIT_BRANCH: "",
    CI_MERGE_REQUEST_PROJECT_ID: "1",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1",
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: branch,
  }),
  schedule: (branch: string): Variables => ({
    ...common(branch),
    CI_PIPELINE_SOURCE: "schedule",
    CI_COMMIT_BRANCH: branch,
  }),
};

/**
 * Runs the pipeline for GitLab: all lines of a job in one shell, each job in a checkout of its own
 * or, with `GIT_STRATEGY: none`, in an empty folder, with the artifacts that it is given. The stop
 * job is that of the branch's last pipeline, as on the host.
 */
export class GitlabPipelines implements PipelineHost {
  private readonly lastPipelines = new Map<string, { variables: Variables; artifacts: string }>();
  private readonly branchesWithRequest = new Set<string>();

  private constructor(
    private readonly repository: PipelineRepository,
    private readonly sandbox: Sandbox,
    private readonly jobs: Readonly<Record<string, Job>>,
  ) {}

  static async of(repository: PipelineRepository, sandbox: Sandbox): Promise<GitlabPipelines> {
    return new GitlabPipelines(repository, sandbox, await gitlabJobs());
  }

  open(branch: string): Promise<JobRun[]> {
    this.branchesWithRequest.add(branch);
    return this.runPipeline(branch, gitlabEvents.mergeRequest(branch));
  }

  push(branch: string): Promise<JobRun[]> {
    const kind = this.branchesWithRequest.has(branch) ? "mergeRequest" : "push";
    return this.runPipeline(branch, gitlabEvents[kind](branch));
  }

  close(branch: string): Promise<JobRun[]> {
    return this.stop(branch);
  }

  deleteBranch(branch: string): Promise<JobRun[]> {
    return this.stop(branch);
  }

  nightly(): Promise<JobRun[]> {
    return this.runPipeline("main", gitlabEvents.schedule("main"));
  }

  private async runPipeline(branch: string, variables: Variables): Promise<JobRun[]> {
    const artifacts = this.repository.emptyFolder();
    this.lastPipelines.set(branch, { variables, artifacts });
    const runs: JobRun[] = [];
    for (const { name, when } of await gitlabJobsOf(variables)) {
      if (when === "on_success" && runs.every((run) => run.exitCode === 0)) {
        runs.push(await this.runJob(name, variables, artifacts));
      }
    }
    return runs;
  }

  private async stop(branch: string): Promise<JobRun[]> {
    const { variables, artifacts } = this.lastPipelines.get(branch)!;
    return [await this.runJob("review-stop", variables, artifacts)];
  }

  private async runJob(name: string, variables: Variables, artifacts: string): Promise<JobRun> {
    const job = this.jobs[name]!;
    const folder =
      job.variables?.GIT_STRATEGY === "none"
        ? this.repository.emptyFolder()
        : await this.repository.checkOut(variables.CI_COMMIT_REF_NAME!);
    if (job.needs !== undefined || job.dependencies === undefined) {
      cpSync(artifacts, folder, { recursive: true });
    }
    const script = [...(job.before_script ?? []), ...job.script].join("\n");
    const { exitCode, output } = await this.repository.run(
      ["bash", "-c", `set -eo pipefail\n${script}`],
      folder,
      {
        CI_REPOSITORY_URL: this.repository.origin,
        ...variables,
        ...job.variables,
        ...this.settings(job),
      },
    );
    for (const path of job.artifacts?.paths ?? []) {
      if (existsSync(join(folder, path))) {
        cpSync(join(folder, path), join(artifacts, path), { recursive: true });
      }
    }
    return { job: name, exitCode, output, changes: await this.repository.changes(folder) };
  }

  /** Only jobs whose environment is in a scope get what is set for it. */
  private settings({ environment: { name } = { name: "" } }: Job): Variables {
    const { PULUMI_BACKEND_URL = "", PULUMI_CONFIG_PASSPHRASE = "" } = this.sandbox.environment;
    const KUBECONFIG = this.sandbox.kubeconfig;
    return name.startsWith("review/") || name === "review-sweep"
      ? { PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE, KUBECONFIG }
      : {};
  }
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
    CI_PROJECT_ID: "1",
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
