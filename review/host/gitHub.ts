import { recordOf, textOf, type UnknownRecord } from "secure-environment/core";
import { exitCodes, ReviewError } from "../exitCodes";
import { type ChangeRequest, type ChangeRequests, type OwnComment } from "./changeRequests";
import { HostApi } from "./hostApi";
import { type PipelineRun } from "./pipelineRun";

const remedy = "Give the job `permissions: { pull-requests: write }`.";

/**
 * Pull requests of GitHub, and what is said below them: comments of an issue, as each pull request is one.
 * See https://docs.github.com/en/rest/pulls/pulls and https://docs.github.com/en/rest/issues/comments
 */
export class GitHub implements ChangeRequests {
  private readonly api: HostApi;
  private readonly graphQl: HostApi;
  private readonly repository: string;
  private readonly path: string;

  constructor({ api, repository, token = "" }: PipelineRun) {
    this.repository = repository;
    this.path = `/repos/${repository}`;
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: "application/vnd.github+json",
      "X-GitHub-Api-Version": "2022-11-28",
      "User-Agent": "secure-environment-review",
    };
    const access = { host: "GitHub", headers, token, remedy };
    this.api = new HostApi({ ...access, api });
    // Of an own server it lies beside the other API, https://HOST/api/v3.
    this.graphQl = new HostApi({ ...access, api: api.replace(/\/v3$/, "") });
  }

  async withNumber(number: number): Promise<ChangeRequest> {
    return this.requestIn(recordOf(await this.api.request("GET", `${this.path}/pulls/${number}`)));
  }

  async ofBranch(branch: string): Promise<readonly ChangeRequest[]> {
    const [owner = ""] = this.repository.split("/");
    const head = encodeURIComponent(`${owner}:${branch}`);
    const query = `head=${head}&state=all&sort=created&direction=desc`;
    const found = await this.api.list(`${this.path}/pulls?${query}`);
    // Another repository of the same owner may be a fork, too.
    return found
      .map((pull) => this.requestIn(recordOf(pull)))
      .filter((request) => request.branch === branch && !request.isOfFork);
  }

  async ownComments({ number }: ChangeRequest): Promise<readonly OwnComment[]> {
    const login = await this.ownLogin();
    const comments = await this.api.list(`${this.path}/issues/${number}/comments`);
    return comments
      .map(recordOf)
      .filter(({ user }) => recordOf(user)["login"] === login)
      .map(({ id, body }) => ({ id: Number(id), body: textOf(body) ?? "" }))
      .sort((one, other) => one.id - other.id);
  }

  async create({ number }: ChangeRequest, body: string): Promise<void> {
    await this.api.request("POST", `${this.path}/issues/${number}/comments`, { body });
  }

  async edit(_: ChangeRequest, { id }: OwnComment, body: string): Promise<void> {
    await this.api.request("PATCH", `${this.path}/issues/comments/${id}`, { body });
  }

  async remove(_: ChangeRequest, { id }: OwnComment): Promise<void> {
    await this.api.request("DELETE", `${this.path}/issues/comments/${id}`);
  }

  /**
   * As whom the token comments: `github-actions[bot]` with GITHUB_TOKEN, and `NAME[bot]` with the token of an
   * app. Both are tokens of an installation, for which GET /user is refused; `viewer` of GraphQL tells.
   * See https://docs.github.com/en/graphql/reference/queries#viewer,
   * https://github.com/actions/create-github-app-token/issues/258 and, for the name that it gives,
   * https://github.com/cli/cli/pull/6384
   */
  private async ownLogin(): Promise<string> {
    const query = "query { viewer { login } }";
    const answer = recordOf(await this.graphQl.request("POST", "/graphql", { query }));
    const login = textOf(recordOf(recordOf(answer["data"])["viewer"])["login"]);
    if (login === undefined) {
      const message = `GitHub does not say as whom this token comments, so its own comment cannot be told from others. ${remedy}`;
      throw new ReviewError(message, exitCodes.credentials);
    }
    return login;
  }

  private requestIn({ number, state, head, html_url: url }: UnknownRecord): ChangeRequest {
    const { ref, repo } = recordOf(head);
    // A fork may be deleted meanwhile: then it has no name.
    const source = textOf(recordOf(repo)["full_name"]) ?? "";
    return {
      number: Number(number),
      branch: textOf(ref) ?? "",
      isOpen: state === "open",
      isOfFork: source.toLowerCase() !== this.repository.toLowerCase(),
      url: textOf(url) ?? "",
    };
  }
}
