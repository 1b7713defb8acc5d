import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";

const key = "key-of-the-job";

/** What the stand-in says: a token for an audience, or a status of HTTP. */
type Answer = (audience: string) => string | number;

/**
 * Stands in for where GitHub gives a job its tokens, as it documents that:
 * https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export class GithubTokens {
  /** The audiences that tokens were asked for, each time. */
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    public answer: Answer,
  ) {
    server.on("request", ({ url = "", headers }, response) => {
      const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
      if (
        headers.authorization !== `bearer ${key}` ||
        pathname !== "/token" ||
        searchParams.get("api-version") !== "2.0"
      ) {
        response.writeHead(400).end();
        return;
      }
      const audience = searchParams.get("audience") ?? "";
      this.asked.push(audience);
      const given = this.answer(audience);
      if (typeof given === "number") {
        response.writeHead(given).end();
      } else {
        response.end(JSON.stringify({ count: given.length, value: given }));
      }
    });
  }

  static async start(answer: Answer): Promise<GithubTokens> {
    const server = createServer();
    const tokens = new GithubTokens(server, answer);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return tokens;
  }

  /** What a job with the permission `id-token: write` finds in its environment. */
  get environment(): Readonly<Record<string, string>> {
    const { port } = this.server.address() as AddressInfo;
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: key,
    };
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
