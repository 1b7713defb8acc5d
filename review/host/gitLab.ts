import { recordOf, textOf, type UnknownRecord } from "secure-environment/core";
import { type ChangeRequest, type ChangeRequests, type OwnComment } from "./changeRequests";
import { HostApi } from "./hostApi";
import { type PipelineRun } from "./pipelineRun";

const remedy =
  "Give the project an access token of the role Reporter or higher with the scope `api`, in the variable REVIEW_GITLAB_TOKEN.";

/**
 * Merge requests of GitLab, and the notes on them.
 * See https://docs.gitlab.com/api/merge_requests/ and https://docs.gitlab.com/api/notes/
 */
export class GitLab implements ChangeRequests {
  private readonly api: HostApi;
  private readonly project: string;
  private readonly path: string;

  constructor({ api, repository, token = "" }: PipelineRun) {
    this.project = repository;
    this.path = `/projects/${encodeURIComponent(repository)}/merge_requests`;
    const headers = { "PRIVATE-TOKEN": token };
    this.api = new HostApi({ host: "GitLab", api, headers, token, remedy });
  }

  async withNumber(number: number): Promise<ChangeRequest> {
    return this.requestIn(recordOf(await this.api.request("GET", `${this.path}/${number}`)));
  }

  async ofBranch(branch: string): Promise<readonly ChangeRequest[]> {
    const query = `source_branch=${encodeURIComponent(branch)}&state=all&scope=all&order_by=created_at&sort=desc`;
    const found = await this.api.list(`${this.path}?${query}`);
    return found
      .map((request) => this.requestIn(recordOf(request)))
      .filter((request) => request.branch === branch && !request.isOfFork);
  }

  /**
   * The token of a project is one of a bot user that GitLab made for it, and comments as that user.
   * See https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects and
   * https://docs.gitlab.com/api/users/#get-your-user-account
   */
  async ownComments({ number }: ChangeRequest): Promise<readonly OwnComment[]> {
    const { id: own } = recordOf(await this.api.request("GET", "/user"));
    const notes = await this.api.list(`${this.path}/${number}/notes?order_by=created_at&sort=asc`);
    return notes
      .map(recordOf)
      .filter(({ author, system }) => system !== true && recordOf(author)["id"] === own)
      .map(({ id, body }) => ({ id: Number(id), body: textOf(body) ?? "" }))
      .sort((one, other) => one.id - other.id);
  }

  async create({ number }: ChangeRequest, body: string): Promise<void> {
    await this.api.request("POST", `${this.path}/${number}/notes`, { body });
  }

  async edit({ number }: ChangeRequest, { id }: OwnComment, body: string): Promise<void> {
    await this.api.request("PUT", `${this.path}/${number}/notes/${id}`, { body });
  }

  async remove({ number }: ChangeRequest, { id }: OwnComment): Promise<void> {
    await this.api.request("DELETE", `${this.path}/${number}/notes/${id}`);
  }

  private requestIn(request: UnknownRecord): ChangeRequest {
    const { iid, state, source_branch: branch, web_url: url } = request;
    return {
      number: Number(iid),
      branch: textOf(branch) ?? "",
      isOpen: state === "opened",
      isOfFork: String(request["source_project_id"]) !== this.project,
      url: textOf(url) ?? "",
    };
  }
}
