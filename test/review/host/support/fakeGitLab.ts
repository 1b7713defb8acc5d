import {
  type FakeCall,
  type FakeComment,
  FakeHost,
  type FakeReply,
  type FakeRequest,
} from "./fakeHost";

/**
 * GitLab's API, as these pages have it: https://docs.gitlab.com/api/notes/,
 * https://docs.gitlab.com/api/merge_requests/, https://docs.gitlab.com/api/users/ and
 * https://docs.gitlab.com/api/rest/#pagination
 */
export class FakeGitLab extends FakeHost {
  readonly repository = "7";
  readonly self = "project_7_bot_1f";

  static start(): Promise<FakeGitLab> {
    return new FakeGitLab(20).listen();
  }

  variables(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    return {
      GITLAB_CI: "true",
      CI_API_V4_URL: `${this.origin}/api/v4`,
      CI_PROJECT_ID: this.repository,
      CI_JOB_URL: "https://gitlab.example.com/acme/shop/-/jobs/42",
      REVIEW_GITLAB_TOKEN: this.token,
      ...more,
    };
  }

  protected answer(call: FakeCall): FakeReply {
    const { method, path, headers } = call;
    if (headers["private-token"] !== this.token) {
      return { status: 401, body: { message: "401 Unauthorized" } };
    }
    if (path === "/api/v4/user") {
      return { status: 200, body: userOf(this.self) };
    }
    if (method !== "GET" && !this.mayWrite) {
      return { status: 403, body: { message: "403 Forbidden" } };
    }
    const below = path.replace(`/api/v4/projects/${this.repository}/merge_requests`, "");
    return this.answerBelow(below, call) ?? { status: 404, body: { message: "404 Not found" } };
  }

  private answerBelow(below: string, call: FakeCall): FakeReply | undefined {
    const [, number, kind, note] = below.split("/");
    if (number === undefined) {
      return this.mergeRequests(call);
    }
    const request = this.requests.find((one) => one.number === Number(number));
    if (request === undefined || kind === undefined) {
      return request && { status: 200, body: mergeRequestOf(request) };
    }
    return note === undefined ? this.notes(request, call) : this.note(Number(note), call);
  }

  private mergeRequests(call: FakeCall): FakeReply {
    const { query } = call;
    const found = this.requests.filter((one) => query.get("source_branch") === one.branch);
    const sorted = query.get("sort") === "asc" ? found : found.toReversed();
    return this.page(sorted.map(mergeRequestOf), call);
  }

  private notes(request: FakeRequest, call: FakeCall): FakeReply {
    if (call.method === "POST") {
      return { status: 201, body: noteOf(this.created(request, call)) };
    }
    const notes = request.comments.map(noteOf);
    return this.page(call.query.get("sort") === "asc" ? notes : notes.toReversed(), call);
  }

  private note(id: number, { method, body }: FakeCall): FakeReply | undefined {
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
    return { status: 200, body: noteOf(comment) };
  }
}

function mergeRequestOf({ number, branch, source, state }: FakeRequest): object {
  return {
    iid: number,
    state: state === "open" ? "opened" : "merged",
    source_branch: branch,
    source_project_id: Number(source),
    web_url: `https://gitlab.example.com/acme/shop/-/merge_requests/${number}`,
  };
}

function noteOf({ id, author, body }: FakeComment): object {
  return { id, body, author: userOf(author), system: author === "system" };
}

/** Each name is a user of its own number. */
function userOf(username: string): object {
  return {
    id: [...username].reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) % 1e9, 7),
    username,
  };
}
