import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
} from "node:http";
import { type AddressInfo } from "node:net";

/** A comment, as a host keeps it. */
export interface FakeComment {
  readonly id: number;
  readonly author: string;
  body: string;
}

/** A pull or merge request, as a host keeps it. */
export interface FakeRequest {
  readonly number: number;
  readonly branch: string;
  /** The repository that the branch is one of. */
  readonly source: string;
  state: "open" | "closed";
  readonly comments: FakeComment[];
}

/** What is asked, and how it is answered. */
export interface FakeCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface FakeReply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: OutgoingHttpHeaders;
}

/**
 * A stand-in for a host of repositories, on loopback: what the API of one does with requests and comments, as
 * its documentation says. Nobody publishes the real ones as packages.
 */
export abstract class FakeHost {
  readonly requests: FakeRequest[] = [];
  readonly calls: FakeCall[] = [];
  /** What is answered instead, one after the other. */
  readonly failures: FakeReply[] = [];
  readonly token = "token-hunter2";
  mayWrite = true;
  /** Called once, before the next comment is created. */
  beforeCreate: (() => void) | undefined;
  origin = "";
  private readonly server: Server;
  private rest = 0;
  private busyUntil: number | undefined;
  private lastId = 3_000_000_000;

  protected constructor(private readonly usualPage: number) {
    this.server = createServer((incoming, response) => {
      void callOf(incoming).then((call) => {
        this.calls.push(call);
        const { status, body, headers } = this.busy() ?? this.failures.shift() ?? this.answer(call);
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
    });
  }

  async listen(): Promise<this> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** From the next call on it takes none for so many seconds, and says so. */
  restFor(seconds: number): void {
    this.rest = seconds;
  }

  /** The calls that changed something, such as `POST /issues/1/comments`. */
  get writes(): string[] {
    return this.calls
      .filter(({ method, path }) => method !== "GET" && !path.endsWith("/graphql"))
      .map(
        ({ method, path }) => `${method} ${path.replace(/^.*?\/(?=issues|merge_requests)/, "/")}`,
      );
  }

  open(branch: string, source = this.repository, number = this.requests.length + 1): FakeRequest {
    const request: FakeRequest = { number, branch, source, state: "open", comments: [] };
    this.requests.push(request);
    return request;
  }

  say(request: FakeRequest, author: string, body: string): FakeComment {
    const comment = { id: ++this.lastId, author, body };
    request.comments.push(comment);
    return comment;
  }

  private busy(): FakeReply | undefined {
    if (this.rest === 0) {
      return undefined;
    }
    // A bit less, as clocks and timers differ.
    this.busyUntil ??= Date.now() + 1_000 * this.rest - 50;
    const headers = { "retry-after": String(this.rest) };
    return Date.now() < this.busyUntil ? { status: 429, headers } : undefined;
  }

  abstract readonly repository: string;
  /** As whom comments the token that is taken. */
  abstract readonly self: string;
  /** The variables of a run, which is none of a pull or merge request unless it is said. */
  abstract variables(more?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  protected abstract answer(call: FakeCall): FakeReply;

  protected created(request: FakeRequest, { body }: FakeCall): FakeComment {
    this.beforeCreate?.();
    this.beforeCreate = undefined;
    return this.say(request, this.self, String(body.body));
  }

  /** One page of a list, with a header that says where the next one is. */
  protected page(all: readonly unknown[], { path, query }: FakeCall): FakeReply {
    const size = Math.min(Number(query.get("per_page") ?? this.usualPage), 100);
    const page = Number(query.get("page") ?? 1);
    const next = `<${this.origin}${path}?page=${page + 1}>; rel="next"`;
    const headers = page * size < all.length ? { link: next } : {};
    return { status: 200, body: all.slice((page - 1) * size, page * size), headers };
  }

  protected commentWith(id: number): { request: FakeRequest; comment: FakeComment } | undefined {
    return this.requests
      .flatMap((request) => request.comments.map((comment) => ({ request, comment })))
      .find(({ comment }) => comment.id === id);
  }
}

async function callOf(incoming: IncomingMessage): Promise<FakeCall> {
  const { method = "GET", url = "/", headers } = incoming;
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const body = text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { method, path: pathname, query: searchParams, headers, body };
}
