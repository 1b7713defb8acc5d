import { branchOf } from "../environment/branch";
import { type Target, targetOf } from "../environment/target";
import { exitCodes, ReviewError } from "../exitCodes";
import { type ChangeRequest, type ChangeRequests } from "../host/changeRequests";
import { type CommentFacts, commentText } from "../host/commentText";
import { GitHub } from "../host/gitHub";
import { GitLab } from "../host/gitLab";
import { type CommentChange, keepComment } from "../host/keptComment";
import { type PipelineRun, pipelineRun } from "../host/pipelineRun";
import { readSettings } from "../settings/reviewSettings";
import { commentFacts } from "./commentFacts";
import { reported } from "./reported";
import { readRecord, type RunRecord } from "./runRecord";

/** What is told, and where the settings are. */
export interface CommentOptions {
  /** The folder of the settings. */
  readonly settings: string;
  /** The record of the run: what `--result` of `up`, `extend` or `destroy` wrote. */
  readonly result: string;
  readonly json?: boolean;
}

/** What came of it, for programs that read it. */
interface CommentResult {
  readonly comment: CommentChange;
  /** Where people see the pull or merge request, if there is one. */
  readonly request?: string;
  /** Why nothing was told. */
  readonly reason?: string;
}

/**
 * Tells on the pull or merge request of a branch how its environment is: in one comment, which is edited when
 * that changes.
 *
 * @throws ReviewError with 2 outside of a pipeline, with 3 when its token may not comment, and else when the
 * host of the repository does not do it.
 */
export async function comment(given: string | undefined, options: CommentOptions): Promise<void> {
  const record = readRecord(options.result);
  const target = targetOf(
    readSettings(options.settings),
    given ?? record.branch ?? branchOf(given),
  );
  requireSameBranch(target, record);
  const run = pipelineRun();
  const facts = commentFacts(target, record, run.url, Date.now());
  await reported(options, () => tell(run, facts, record), describe);
}

function requireSameBranch({ branch }: Target, record: RunRecord): void {
  if (record.branch !== undefined && record.branch !== branch) {
    const message = `The result is that of the branch ${JSON.stringify(record.branch)}, and not of ${JSON.stringify(branch)}: nothing was told.`;
    throw new ReviewError(message, exitCodes.usage);
  }
}

async function tell(
  run: PipelineRun,
  facts: CommentFacts,
  record: RunRecord,
): Promise<CommentResult> {
  if (run.token === undefined) {
    const reason =
      "REVIEW_GITLAB_TOKEN is not set: with its own token a job of GitLab may not comment. " +
      "An access token of the project with the scope `api` may.";
    return { comment: "none", reason };
  }
  const requests = run.host === "GitHub" ? new GitHub(run) : new GitLab(run);
  const request = await requestOf(requests, run, facts.branch);
  const reason = reasonForSilence(request, record, facts);
  if (request === undefined || reason !== undefined) {
    return { comment: "none", request: request?.url, reason };
  }
  const mayCreate = request.isOpen && !["gone", "none"].includes(facts.state);
  const change = await keepComment(requests, request, commentText(facts), mayCreate);
  return { comment: change, request: request.url };
}

/** That of the run if it is of the branch, else the open one, else the latest one, whose branch may be gone. */
async function requestOf(
  requests: ChangeRequests,
  { request: number }: PipelineRun,
  branch: string,
): Promise<ChangeRequest | undefined> {
  const own = number === undefined ? undefined : await requests.withNumber(number);
  if (own?.branch === branch) {
    return own;
  }
  const all = await requests.ofBranch(branch);
  return all.find(({ isOpen }) => isOpen) ?? all[0];
}

function reasonForSilence(
  request: ChangeRequest | undefined,
  { verb, exitCode }: RunRecord,
  { branch }: CommentFacts,
): string | undefined {
  if (request === undefined) {
    return `The branch ${JSON.stringify(branch)} has no pull or merge request.`;
  }
  if (request.isOfFork) {
    return "A request of a fork gets no environment, and no comment.";
  }
  // Such as a run that waited while its branch was deleted: what stands the destruction tells.
  return !request.isOpen && verb !== "destroy" && exitCode !== exitCodes.done
    ? `${request.url} is closed, and is told of no run that failed since.`
    : undefined;
}

function describe({ comment: change, request, reason }: CommentResult): string {
  if (reason !== undefined) {
    return reason;
  }
  const words: Readonly<Record<CommentChange, string>> = {
    created: "has a new comment",
    edited: "has an edited comment",
    unchanged: "says so already",
    none: "has no comment, and gets none for this",
  };
  return `${request} ${words[change]}.`;
}
