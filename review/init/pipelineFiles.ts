import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder } from "../packageFolder";
import { type Repository } from "./repository";

/** The hosts for whose pipelines there is a file. */
export const pipelineHosts = ["github", "gitlab"] as const;

export type PipelineHost = (typeof pipelineHosts)[number];

/** A file that a repository is to have. */
export interface WantedFile {
  /** As seen from the repository's root. */
  readonly path: string;
  readonly content: string;
}

type Folders = Pick<Repository, "folderInRoot" | "manifests">;

const gitlabPath = ".gitlab/review-environments.yml";

/** What GitLab reads, where it has nothing to read yet. */
const gitlabMain: WantedFile = {
  path: ".gitlab-ci.yml",
  content: `include:\n  - local: ${gitlabPath}\n`,
};

/** The files of the pipeline. One that is there already stays as it is. */
export function pipelineFiles(host: PipelineHost, folders: Folders): readonly WantedFile[] {
  const content = pipelineFor(host, folders);
  return host === "github"
    ? [{ path: ".github/workflows/review-environments.yml", content }]
    : [{ path: gitlabPath, content }, gitlabMain];
}

/** The pipeline as it is packed, for the folders of a repository. */
function pipelineFor(host: PipelineHost, { folderInRoot, manifests }: Folders): string {
  const file = join(packageFolder, "bin", "pipelines", `${host}.yml`);
  const text = readFileSync(file, "utf8");
  return text
    .replace(
      /^( *)working-directory: (base|branch)\/\.$/gm,
      (_line, indent: string, checkout) =>
        `${indent}working-directory: ${JSON.stringify(`${checkout}/${folderInRoot}`)}`,
    )
    .replace(
      /^( *)REVIEW_FOLDER: \.$/m,
      (_line, indent: string) => `${indent}REVIEW_FOLDER: ${JSON.stringify(folderInRoot)}`,
    )
    .replace(
      /^( *)MANIFESTS: manifests$/m,
      (_line, indent: string) => `${indent}MANIFESTS: ${JSON.stringify(manifests)}`,
    );
}

const nextOnGithub = [
  "Commit these files to the default branch: a pipeline takes all but a branch's name from there.",
  "Make a GitHub environment named `review` that only the default branch deploys to, with the variable " +
    "PULUMI_BACKEND_URL and the secret PULUMI_CONFIG_PASSPHRASE.",
  "Let the cluster take GitHub's identities (`signIn` in review.yaml), or put a kubeconfig into the " +
    "secret REVIEW_KUBECONFIG of that environment.",
  "For environments of labelled pull requests alone, set the repository's variable REVIEW_LABEL.",
];

const nextOnGitlab = [
  "Commit these files to the default branch: a pipeline takes all but its own file from there.",
  `If .gitlab-ci.yml was there before, add to its \`include:\` the line \`- local: ${gitlabPath}\`.`,
  "Set PULUMI_BACKEND_URL and PULUMI_CONFIG_PASSPHRASE as CI/CD variables of the environment scope `review/*`.",
  "Let the cluster take GitLab's identities (`signIn` in review.yaml), or set KUBECONFIG as a variable of " +
    "type File of that scope. For the comment, set REVIEW_GITLAB_TOKEN to a project access token.",
];

/** What is left to a person. */
export const nextSteps: Readonly<Record<PipelineHost, readonly string[]>> = {
  github: nextOnGithub,
  gitlab: nextOnGitlab,
};
