/** A pull request of GitHub, or a merge request of GitLab. */
export interface ChangeRequest {
  readonly number: number;
  readonly branch: string;
  readonly isOpen: boolean;
  /** Whether its branch is one of another repository. */
  readonly isOfFork: boolean;
  /** Where people see it. */
  readonly url: string;
}

/** A comment that the token's own identity wrote. */
export interface OwnComment {
  readonly id: number;
  readonly body: string;
}

/** What a host of repositories does with requests and the comments on them. */
export interface ChangeRequests {
  withNumber(number: number): Promise<ChangeRequest>;
  /** Those of a branch of the repository itself, the newest first. */
  ofBranch(branch: string): Promise<readonly ChangeRequest[]>;
  /** Those that the token's own identity wrote, the oldest first. */
  ownComments(request: ChangeRequest): Promise<readonly OwnComment[]>;
  create(request: ChangeRequest, body: string): Promise<void>;
  edit(request: ChangeRequest, comment: OwnComment, body: string): Promise<void>;
  remove(request: ChangeRequest, comment: OwnComment): Promise<void>;
}
