import { spawnSync } from "node:child_process";
import { exitCodes, ReviewError } from "../exitCodes";

/** Where the hosts of repositories say the branch of a run; that of a pull request comes first. */
const variables = ["GITHUB_HEAD_REF", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH"];

/**
 * The branch that a command is about: the one that is given, else that of the pipeline's run, else the
 * one that is checked out.
 *
 * @throws ReviewError when there is none.
 */
export function branchOf(given: string | undefined, environment = process.env): string {
  if (given !== undefined) {
    return given;
  }
  const named = [...variables.map((name) => environment[name]), githubBranch(environment)];
  const branch = named.find((name) => name) ?? checkedOutBranch();
  if (branch === undefined) {
    const message = "Which branch this is about is not known. Name it, such as `review up login`.";
    throw new ReviewError(message, exitCodes.usage);
  }
  return branch;
}

function githubBranch({ GITHUB_REF_TYPE, GITHUB_REF_NAME }: NodeJS.ProcessEnv): string | undefined {
  return GITHUB_REF_TYPE === "branch" ? GITHUB_REF_NAME : undefined;
}

function checkedOutBranch(): string | undefined {
  const { status, stdout } = spawnSync("git", ["symbolic-ref", "--quiet", "--short", "HEAD"], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}
