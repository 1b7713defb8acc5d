/** What a job of a pipeline did. */
export interface JobRun {
  readonly job: string;
  readonly exitCode: number;
  readonly output: string;
  /** What `git status` says of the checkout afterwards. */
  readonly changes: string;
}

/** A host's pipelines: what happens to a branch, and the jobs that the host then runs. */
export interface PipelineHost {
  /** A merge or pull request of the branch is opened. */
  open(branch: string): Promise<JobRun[]>;
  /** A commit of the branch was pushed. */
  push(branch: string): Promise<JobRun[]>;
  /** The merge or pull request of the branch was merged or closed. */
  close(branch: string): Promise<JobRun[]>;
  /** The branch was deleted. */
  deleteBranch(branch: string): Promise<JobRun[]>;
  /** The night has come, for the default branch. */
  nightly(): Promise<JobRun[]>;
}
