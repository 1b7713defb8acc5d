import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { FakeApiServer, type FakeAnswer } from "../kubernetes/support/fakeApiServer";
import { runCommand } from "../support/command";

const review = resolve(__dirname, "../../../review/review.js");
const token = `e30.${Buffer.from('{"aud":["corp"]}').toString("base64url")}.signature`;
const labels = {
  "secure-environment/kind": "review",
  "secure-environment/project": "shop",
  "secure-environment/stack": "review-login",
};
const listPath = `/api/v1/namespaces?${new URLSearchParams({
  labelSelector: "secure-environment/project=shop,secure-environment/stack=review-login",
  limit: "500",
}).toString()}`;
const tokenPath = "/api/v1/namespaces/review-login/serviceaccounts/deployer/token";
const reviewPath = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const clusterPath = "/api/v1/namespaces/kube-system";
const minted = { token, expirationTimestamp: "2027-01-01T01:00:00Z" };

describe("the kubeconfig that is asked of a cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-kubeconfig-"));
  const file = join(folder, "kubeconfig.yaml");
  let server: FakeApiServer;

  beforeEach(async () => {
    server = await FakeApiServer.start();
    settings({});
    answers({});
  });

  afterEach(() => {
    server.stop();
    rmSync(file, { force: true });
  });

  after(() => rmSync(folder, { recursive: true }));

  it("holds the token that was made, once the API server has taken it", async () => {
    const { exitCode, stdout, output } = await kubeconfig();
    expect(exitCode, output).to.equal(0);
    expect(stdout).to.equal(`export KUBECONFIG='${file}'\n`);
    expect(output).not.to.contain(token);
    expect(readFileSync(file, "utf8")).to.contain(token);
    const asked = server.requests.map(({ method, url }) => `${method} ${url}`);
    expect(asked).to.deep.equal([`GET ${listPath}`, `POST ${tokenPath}`, `POST ${reviewPath}`]);
    expect(server.requests[2]?.headers.authorization).to.equal(`Bearer ${token}`);
  });

  it("is not written with a token that is not taken, and names its audience", async () => {
    answers({ [reviewPath]: { status: 401, body: { kind: "Status", message: token } } });
    const { exitCode, output } = await kubeconfig();
    expect(exitCode, output).to.equal(3);
    expect(output).to.contain("made a token of the deployer for corp, and does not take it");
    expect(output).not.to.contain(token);
    expect(existsSync(file)).to.equal(false);
  });

  for (const [status, exitCode, words] of [
    [403, 3, "pipeline and administrators may ask for it"],
    [404, 1, "`review up` makes what is missing"],
    [500, 1, "HTTP status 500"],
    [201, 1, "there is none in the answer"],
  ] as const) {
    it(`is not written when the request for the token ends with ${status}`, async () => {
      answers({ [tokenPath]: { status, body: { kind: "Status", message: "no" } } });
      const result = await kubeconfig();
      expect(result.exitCode, result.output).to.equal(exitCode);
      expect(result.stderr).to.contain(words);
      expect(existsSync(file)).to.equal(false);
    });
  }

  it("asks nothing of a cluster where the file is another's", async () => {
    writeFileSync(file, "kind: Config\n");
    const { exitCode, output } = await kubeconfig();
    expect(exitCode, output).to.equal(10);
    expect(server.requests).to.deep.equal([]);
  });

  it("is refused by another cluster than that of the settings", async () => {
    settings({ cluster: "u-1" });
    answers({ [clusterPath]: { status: 200, body: namespace("kube-system", { uid: "u-2" }) } });
    for (const args of [[], ["--developer"]]) {
      const { exitCode, output } = await kubeconfig(...args);
      expect(exitCode, output).to.equal(10);
      expect(output).to.contain("is another one");
    }
  });

  it("tells a developer that the cluster could not be compared", async () => {
    settings({ cluster: "u-1" });
    answers({ [clusterPath]: { status: 403, body: { kind: "Status" } } });
    const { exitCode, stderr } = await kubeconfig("--developer");
    expect(exitCode, stderr).to.equal(0);
    expect(stderr).to.contain("whether this is the cluster of the settings is not known");
  });

  it("says how developers are given one where the settings do not", async () => {
    settings({ developers: undefined });
    const { exitCode, stderr } = await kubeconfig("--developer");
    expect(exitCode, stderr).to.equal(2);
    expect(stderr).to.contain("developers: { issuer: https://accounts.example.com");
  });

  it("is none of an environment of another project that has its name", async () => {
    const other = { ...labels, "secure-environment/project": "blog" };
    answers({
      [listPath]: { status: 403, body: { kind: "Status" } },
      "/api/v1/namespaces/review-login": {
        status: 200,
        body: namespace("review-login", { labels: other }),
      },
    });
    const { exitCode, stderr } = await kubeconfig("--developer");
    expect(exitCode, stderr).to.equal(10);
    expect(stderr).to.contain("the stack review-login of the project blog made it");
  });

  it("is for the one of several that stays, and none where two do", async () => {
    const old = namespace("review-login-old1", { deletionTimestamp: "2027-01-01T00:00:00Z" });
    answers({ [listPath]: list(old, namespace("review-login")) });
    expect((await kubeconfig()).exitCode).to.equal(0);
    answers({ [listPath]: list(namespace("review-login-b"), namespace("review-login")) });
    const { exitCode, stderr } = await kubeconfig();
    expect(exitCode, stderr).to.equal(10);
    expect(stderr).to.contain("review-login-b and review-login both name the stack");
  });

  function settings(changes: object): void {
    const developers = { issuer: "https://accounts.example.com", clientId: "cluster" };
    const content = { project: "shop", developers, ...changes };
    writeFileSync(join(folder, "review.yaml"), JSON.stringify(content));
  }

  function answers(changes: Readonly<Record<string, FakeAnswer>>): void {
    server.answers = {
      [listPath]: list(namespace("review-login")),
      [tokenPath]: { status: 201, body: { kind: "TokenRequest", status: minted } },
      [reviewPath]: { status: 201, body: { kind: "SelfSubjectReview" } },
      ...changes,
    };
  }

  function kubeconfig(...args: string[]) {
    const env = { ...process.env, KUBECONFIG: server.kubeconfigFile(), HOME: folder };
    const words = [review, "kubeconfig", "login", "--file", file, ...args];
    return runCommand(process.execPath, words, { cwd: folder, env });
  }
});

function namespace(name: string, metadata: object = {}) {
  return { kind: "Namespace", metadata: { name, uid: "u", labels, ...metadata } };
}

function list(...items: readonly object[]): FakeAnswer {
  return { status: 200, body: { kind: "NamespaceList", items } };
}
