import { type FakeHost, type FakeRequest } from "../../review/host/support/fakeHost";

/** What a job of a pipeline did. */
export interface JobRun {
  readonly job: string;
  readonly exitCode: number;
  readonly output: string;
  /** What `git status` says of the checkouts afterwards. */
  readonly changes: string;
  /** The address that the host shows for the environment. */
  readonly url?: string;
}

/** What is set for the jobs that have an environment. */
export interface Secrets {
  readonly backend: string;
  readonly passphrase: string;
  /** The path of a kubeconfig. */
  readonly kubeconfig: string;
  /** What keeps requests and comments. */
  readonly host: FakeHost;
}

/** The request of a branch on a host that a stand-in plays, which is made with the first look at it. */
export function requestOf(host: FakeHost, branch: string): FakeRequest {
  return host.requests.find((one) => one.branch === branch) ?? host.open(branch);
}

/** A host's pipelines: what happens to a branch, and the jobs that the host then runs. */
export interface PipelineHost {
  /** A merge or pull request of the branch is opened. */
  open(branch: string): Promise<JobRun[]>;
  /** A commit of the branch was pushed; its request may be in conflict with its target. */
  push(branch: string, hasConflicts?: boolean): Promise<JobRun[]>;
  /** The request was opened again. */
  reopen(branch: string): Promise<JobRun[]>;
  /** The merge or pull request of the branch was merged or closed. */
  close(branch: string): Promise<JobRun[]>;
  /** The branch was deleted. */
  deleteBranch(branch: string): Promise<JobRun[]>;
  /** Somebody asks for the branch's environment. */
  byHand(branch: string): Promise<JobRun[]>;
  /** The night has come, for the default branch. */
  nightly(): Promise<JobRun[]>;
  /** An hour is over, for the default branch. */
  hourly(): Promise<JobRun[]>;
}
