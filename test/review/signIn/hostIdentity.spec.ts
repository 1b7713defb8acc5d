import { expect } from "chai";
import { shownWords } from "secure-environment/core";
import { ReviewError } from "#review/exitCodes";
import { execCredential } from "#review/signIn/execCredential";
import { hostIdentity } from "#review/signIn/hostIdentity";
import { GithubTokens } from "../../support/identities/githubTokens";

const audience = "https://203.0.113.10:6443";
const now = Date.parse("2027-01-01T00:00:00Z");

function tokenUntil(seconds: number): string {
  const claims = { exp: now / 1_000 + seconds };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
}

async function failureOf(asked: Promise<unknown> | undefined): Promise<ReviewError> {
  const failure = await asked?.catch((error: unknown) => error);
  expect(failure).to.be.instanceOf(ReviewError);
  return failure as ReviewError;
}

describe("the identity that a host offers to a run", () => {
  let github: GithubTokens;

  beforeEach(async () => {
    github = await GithubTokens.start(() => tokenUntil(300));
  });

  afterEach(() => github.stop());

  it("is none on a person's machine, nor in a job without the permission", () => {
    for (const environment of [
      {},
      { GITHUB_ACTIONS: "true", GITLAB_CI: "true" },
      { ACTIONS_ID_TOKEN_REQUEST_URL: "https://example.com", REVIEW_ID_TOKEN: "" },
    ]) {
      expect(hostIdentity(environment)).to.equal(undefined);
    }
  });

  it("is asked of GitHub for the audience, each time", async () => {
    const identity = hostIdentity(github.environment);
    expect(identity?.host).to.equal("GitHub");
    expect(await identity?.token(audience)).to.equal(tokenUntil(300));
    await identity?.token("b&c=d");
    expect(github.asked).to.deep.equal([audience, "b&c=d"]);
  });

  it("is asked for again where GitHub stumbles", async () => {
    github.answer = () => (github.asked.length < 2 ? 503 : tokenUntil(300));
    expect(await hostIdentity(github.environment)?.token(audience)).to.equal(tokenUntil(300));
  });

  for (const [status, asked] of [
    [403, 1],
    [404, 1],
  ] as const) {
    it(`is told to be missing where GitHub answers ${status}, without the key to it`, async () => {
      github.answer = () => status;
      const { message, exitCode } = await failureOf(
        hostIdentity(github.environment)?.token(audience),
      );
      expect(exitCode).to.equal(3);
      expect(message).to.contain(`HTTP status ${status}`).and.contain("`id-token`");
      expect(message).not.to.contain("key-of-the-job");
      expect(shownWords(message), "as others may show it").to.equal(message);
      expect(github.asked).to.have.length(asked);
    });
  }

  it("is told to be missing where there is none in the answer", async () => {
    github.answer = () => "";
    const { message } = await failureOf(hostIdentity(github.environment)?.token(audience));
    expect(message).to.contain("there is none in the answer");
  });

  it("is what the job of GitLab was given", async () => {
    const identity = hostIdentity({ REVIEW_ID_TOKEN: "eyJ" });
    expect(identity?.host).to.equal("GitLab");
    expect(await identity?.token(audience)).to.equal("eyJ");
  });

  describe("as clients of Kubernetes take it", () => {
    it("ends early where a new one can be had, and with the token where it cannot", async () => {
      for (const [lifetime, environment, end] of [
        [300, github.environment, "2027-01-01T00:04:30.000Z"],
        [10, github.environment, "2027-01-01T00:00:05.000Z"],
        [300, { REVIEW_ID_TOKEN: tokenUntil(300) }, "2027-01-01T00:05:00.000Z"],
      ] as const) {
        github.answer = () => tokenUntil(lifetime);
        const credential = await execCredential(hostIdentity(environment)!, audience, now);
        expect(credential).to.deep.equal({
          apiVersion: "client.authentication.k8s.io/v1",
          kind: "ExecCredential",
          status: { token: tokenUntil(lifetime), expirationTimestamp: end },
        });
      }
    });

    it("is none once it has ended, which says how it lives longer", async () => {
      const identity = hostIdentity({ REVIEW_ID_TOKEN: tokenUntil(-1) })!;
      const { message, exitCode } = await failureOf(execCredential(identity, audience, now));
      expect(exitCode).to.equal(3);
      expect(message).to.contain("ended at 2026-12-31T23:59:59.000Z").and.contain("`timeout`");
      expect(message).not.to.contain("signature");
    });

    it("is none that does not say when it ends", async () => {
      const identity = hostIdentity({ REVIEW_ID_TOKEN: "glpat-hunter2" })!;
      const { message, exitCode } = await failureOf(execCredential(identity, audience, now));
      expect(exitCode).to.equal(3);
      expect(message).not.to.contain("hunter2");
    });
  });
});
