import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { type AddressInfo } from "node:net";
import { createAuthority, issueCertificate } from "secure-environment-sandbox/bin/certificates.js";

/** What is said of who has the token. */
export type Claims = Readonly<Record<string, unknown>>;

/** How a token differs from one that is good for five minutes. */
export interface TokenOptions {
  /** In seconds from now on; negative for a token that has ended. */
  readonly lifetime?: number;
  /** Who signs it: nobody, or one whose key the issuer does not publish. */
  readonly signedBy?: "nobody" | "another";
}

const kid = "of-the-test";

/**
 * An OpenID provider on loopback, in the place of those of GitHub and GitLab, whose tokens no machine makes:
 * with their algorithm, RS256, and under a name each. See https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export class Issuer {
  private readonly key = newKey();
  private readonly otherKey = newKey();

  private constructor(
    private readonly server: Server,
    /** The certificate of who has signed the server's own, as PEM. */
    readonly authority: string,
  ) {
    server.on("request", ({ url = "" }, response) => {
      const answer = this.answerTo(url);
      response
        .writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" })
        .end(JSON.stringify(answer ?? {}));
    });
  }

  static async start(): Promise<Issuer> {
    const authority = await createAuthority("issuer");
    const { certificate, key } = await issueCertificate(authority, {
      commonName: "issuer",
      usages: ["server"],
      hosts: ["127.0.0.1"],
    });
    const server = createServer({ cert: certificate, key });
    const issuer = new Issuer(server, authority.certificate);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return issuer;
  }

  /** The address of the issuer with this name. */
  url(name: string): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`;
  }

  /** A token of the issuer with this name. */
  token(name: string, claims: Claims, { lifetime = 300, signedBy }: TokenOptions = {}): string {
    const now = Math.floor(Date.now() / 1_000);
    const header = { typ: "JWT", kid, alg: signedBy === "nobody" ? "none" : "RS256" };
    const times = { iat: now - 600, nbf: now - 600, exp: now + lifetime };
    const payload = { iss: this.url(name), jti: randomUUID(), ...times, ...claims };
    const content = [header, payload].map(encoded).join(".");
    const key = signedBy === "another" ? this.otherKey : this.key;
    const signature = sign("RSA-SHA256", Buffer.from(content), key).toString("base64url");
    return `${content}.${signedBy === "nobody" ? "" : signature}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answerTo(url: string): object | undefined {
    const [, name = "", path] = /^\/([\w-]+)\/(.+)$/.exec(url) ?? [];
    const issuer = this.url(name);
    if (path === ".well-known/openid-configuration") {
      return {
        issuer,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
      };
    }
    const jwk = createPublicKey(this.key).export({ format: "jwk" });
    return path === "keys" ? { keys: [{ ...jwk, kid, use: "sig", alg: "RS256" }] } : undefined;
  }
}

function newKey(): KeyObject {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
}

function encoded(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}
