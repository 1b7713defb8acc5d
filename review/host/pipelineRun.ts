import { readFileSync } from "node:fs";
import { recordOf } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";

/** What a run of a pipeline knows of itself. */
export interface PipelineRun {
  readonly host: "GitHub" | "GitLab";
  /** The address of the host's API. */
  readonly api: string;
  /** The repository, as the API names it: `owner/name` on GitHub, a number on GitLab. */
  readonly repository: string;
  /** None on GitLab, where no token is given that may comment. */
  readonly token?: string;
  /** The pull or merge request that the run is of. */
  readonly request?: number;
  /** Where people see the run. */
  readonly url?: string;
}

/**
 * The run that this process is a part of.
 *
 * @throws ReviewError with 2 outside of GitHub and GitLab, or where they do not say what is needed.
 */
export function pipelineRun(environment: NodeJS.ProcessEnv = process.env): PipelineRun {
  if (environment["GITHUB_ACTIONS"] === "true") {
    return gitHubRun(environment);
  }
  if (environment["GITLAB_CI"] === "true") {
    return gitLabRun(environment);
  }
  const message =
    "`review comment` works in a run of GitHub Actions or GitLab CI alone, which this is not: " +
    "neither GITHUB_ACTIONS nor GITLAB_CI is `true`. It needs the run's variables, and on GitHub GITHUB_TOKEN, on GitLab REVIEW_GITLAB_TOKEN.";
  throw new ReviewError(message, exitCodes.usage);
}

/** See https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
function gitHubRun(environment: NodeJS.ProcessEnv): PipelineRun {
  requireVariables(environment, {
    GITHUB_API_URL: "GitHub sets it",
    GITHUB_REPOSITORY: "GitHub sets it",
    GITHUB_TOKEN: "give the step `env: { GITHUB_TOKEN: ${{ github.token }} }`",
  });
  const { GITHUB_API_URL = "", GITHUB_REPOSITORY = "", GITHUB_TOKEN = "" } = environment;
  const { GITHUB_SERVER_URL, GITHUB_RUN_ID } = environment;
  return {
    host: "GitHub",
    api: GITHUB_API_URL,
    repository: GITHUB_REPOSITORY,
    token: GITHUB_TOKEN,
    request: requestOfEvent(environment),
    url:
      GITHUB_SERVER_URL && GITHUB_RUN_ID
        ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
        : undefined,
  };
}

/** See https://docs.gitlab.com/ci/variables/predefined_variables/ */
function gitLabRun(environment: NodeJS.ProcessEnv): PipelineRun {
  requireVariables(environment, {
    CI_API_V4_URL: "GitLab sets it",
    CI_PROJECT_ID: "GitLab sets it",
  });
  const { CI_API_V4_URL = "", CI_PROJECT_ID = "", CI_MERGE_REQUEST_IID } = environment;
  const { CI_MERGE_REQUEST_PROJECT_ID, REVIEW_GITLAB_TOKEN, CI_JOB_URL } = environment;
  // In a fork's own pipeline the number is that of a request in another project.
  const isOwn = CI_MERGE_REQUEST_IID && CI_MERGE_REQUEST_PROJECT_ID === CI_PROJECT_ID;
  return {
    host: "GitLab",
    api: CI_API_V4_URL,
    repository: CI_PROJECT_ID,
    token: REVIEW_GITLAB_TOKEN || undefined,
    request: isOwn ? Number(CI_MERGE_REQUEST_IID) : undefined,
    url: CI_JOB_URL || undefined,
  };
}

function requireVariables(
  environment: NodeJS.ProcessEnv,
  remedies: Readonly<Record<string, string>>,
): void {
  const missing = Object.entries(remedies).filter(([name]) => !environment[name]);
  if (missing.length > 0) {
    const lines = missing.map(([name, remedy]) => `  - ${name} is not set; ${remedy}.`);
    const message = ["`review comment` does not find what it needs:", ...lines].join("\n");
    throw new ReviewError(message, exitCodes.usage);
  }
}

/** The number in GitHub's file on what the run was started by; a push has none. */
function requestOfEvent(environment: NodeJS.ProcessEnv): number | undefined {
  const { GITHUB_EVENT_NAME = "", GITHUB_EVENT_PATH } = environment;
  if (!/^pull_request(_target)?$/.test(GITHUB_EVENT_NAME) || !GITHUB_EVENT_PATH) {
    return undefined;
  }
  const { number } = recordOf(recordOf(eventIn(GITHUB_EVENT_PATH))["pull_request"]);
  return typeof number === "number" ? number : undefined;
}

function eventIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    const message = `${file}, which GITHUB_EVENT_PATH names, cannot be read as JSON.`;
    throw new ReviewError(message, exitCodes.usage);
  }
}
