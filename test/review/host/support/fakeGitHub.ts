import {
  type FakeCall,
  type FakeComment,
  FakeHost,
  type FakeReply,
  type FakeRequest,
} from "./fakeHost";

/**
 * GitHub's API of an own server, as these pages have it: https://docs.github.com/en/rest/issues/comments,
 * https://docs.github.com/en/rest/pulls/pulls, https://docs.github.com/en/graphql/reference/queries#viewer and
 * https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export class FakeGitHub extends FakeHost {
  readonly repository = "Acme/shop";
  readonly self = "github-actions[bot]";

  static start(): Promise<FakeGitHub> {
    return new FakeGitHub(30).listen();
  }

  variables(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: `${this.origin}/api/v3`,
      GITHUB_REPOSITORY: this.repository,
      GITHUB_SERVER_URL: "https://github.example.com",
      GITHUB_RUN_ID: "42",
      GITHUB_TOKEN: this.token,
      ...more,
    };
  }

  protected answer(call: FakeCall): FakeReply {
    const { method, path, headers } = call;
    if (headers.authorization !== `Bearer ${this.token}`) {
      return { status: 401, body: { message: "Bad credentials", status: "401" } };
    }
    if (!headers["user-agent"]) {
      return { status: 403, body: { message: "Request forbidden by administrative rules." } };
    }
    if (`${method} ${path}` === "POST /api/graphql") {
      return { status: 200, body: { data: { viewer: { login: this.self } } } };
    }
    if (method !== "GET" && !this.mayWrite) {
      const message = "Resource not accessible by integration";
      return { status: 403, body: { message, status: "403" } };
    }
    const below = path.replace(`/api/v3/repos/${this.repository}`, "");
    return this.answerBelow(below, call) ?? { status: 404, body: { message: "Not Found" } };
  }

  private answerBelow(below: string, call: FakeCall): FakeReply | undefined {
    const [, kind, number, ...rest] = below.split("/");
    if (kind === "pulls") {
      return number === undefined ? this.pulls(call) : this.pull(Number(number));
    }
    if (kind === "issues" && number === "comments") {
      return this.comment(Number(rest[0]), call);
    }
    const request = this.requests.find((one) => one.number === Number(number));
    return kind === "issues" && rest[0] === "comments" && request
      ? this.comments(request, call)
      : undefined;
  }

  private pull(number: number): FakeReply | undefined {
    const found = this.requests.find((one) => one.number === number);
    return found && { status: 200, body: pullOf(found) };
  }

  private pulls(call: FakeCall): FakeReply {
    const { query } = call;
    const state = query.get("state") ?? "open";
    const found = this.requests
      .filter((one) => state === "all" || one.state === state)
      .filter((one) => query.get("head") === `${one.source.split("/")[0]}:${one.branch}`);
    const sorted = query.get("direction") === "desc" ? found.toReversed() : found;
    return this.page(sorted.map(pullOf), call);
  }

  private comments(request: FakeRequest, call: FakeCall): FakeReply {
    return call.method === "POST"
      ? { status: 201, body: commentOf(this.created(request, call)) }
      : this.page(request.comments.map(commentOf), call);
  }

  private comment(id: number, { method, body }: FakeCall): FakeReply | undefined {
    const found = this.commentWith(id);
    if (found === undefined) {
      return undefined;
    }
    const { request, comment } = found;
    if (method === "DELETE") {
      request.comments.splice(request.comments.indexOf(comment), 1);
      return { status: 204 };
    }
    comment.body = String(body.body);
    return { status: 200, body: commentOf(comment) };
  }
}

function pullOf({ number, branch, source, state }: FakeRequest): object {
  return {
    number,
    state,
    html_url: `https://github.example.com/Acme/shop/pull/${number}`,
    head: { ref: branch, repo: source === "" ? null : { full_name: source } },
  };
}

function commentOf({ id, author, body }: FakeComment): object {
  return { id, body, user: { login: author, type: author.endsWith("[bot]") ? "Bot" : "User" } };
}
