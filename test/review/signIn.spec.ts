import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { createAuthority, issueCertificate } from "secure-environment-sandbox/bin/certificates.js";
import { FakeApiServer } from "../kubernetes/support/fakeApiServer";
import { type CommandOptions, runCommand } from "../support/command";
import { eventually } from "../support/eventually";
import { GithubTokens } from "../support/identities/githubTokens";

const review = resolve(__dirname, "../../../review/review.js");
const audience = "https://cluster.example.com";

function tokenOf(name: string, lifetime = 300): string {
  const claims = { aud: audience, repository_id: "7", name, exp: Date.now() / 1_000 + lifetime };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
}

describe("a command that signs in", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-sign-in-"));
  const temporary = join(folder, "tmp");
  let certificateAuthority: string;
  let identity: { cert: string; key: string };
  let server: FakeApiServer;
  let github: GithubTokens;

  before(async () => {
    mkdirSync(temporary);
    const authority = await createAuthority("cluster");
    const issued = await issueCertificate(authority, {
      commonName: "kube-apiserver",
      usages: ["server"],
      hosts: ["127.0.0.1"],
    });
    certificateAuthority = Buffer.from(authority.certificate).toString("base64");
    identity = { cert: issued.certificate, key: issued.key };
  });

  beforeEach(async () => {
    server = await FakeApiServer.start(identity);
    server.answer = { status: 200, body: { kind: "NamespaceList", items: [] } };
    github = await GithubTokens.start(() => tokenOf("github"));
    settings({ signIn: { server: server.address, certificateAuthority, audience } });
  });

  afterEach("leaves nothing of it behind", () => {
    server.stop();
    github.stop();
    expect(readdirSync(temporary)).to.deep.equal([]);
  });

  after(() => rmSync(folder, { recursive: true }));

  it("is known to the API server by the token that GitHub gives for it", async () => {
    const token = tokenOf("github");
    github.answer = () => token;
    const { output, exitCode } = await developersKubeconfig(github.environment);
    expect(exitCode, output).to.equal(6);
    expect(authorizations()).to.deep.equal([`Bearer ${token}`]);
    expect(github.asked).to.deep.equal([audience]);
    expect(output).to.contain(`Signing in to ${server.address} as this run of GitHub`);
    expect(output).not.to.contain("signature").and.not.contain("key-of-the-job");
  });

  it("is known to the API server by the token that GitLab made for the job", async () => {
    const token = tokenOf("gitlab");
    const { output, exitCode } = await developersKubeconfig({ REVIEW_ID_TOKEN: token });
    expect(exitCode, output).to.equal(6);
    expect(authorizations()).to.deep.equal([`Bearer ${token}`]);
  });

  it("asks for another token once one has ended", async () => {
    github.answer = () => tokenOf("github", 0.2);
    const path = "/api/v1/namespaces/kube-system";
    server.answers = { [path]: { status: 403, body: { kind: "Status" } } };
    settings({
      cluster: "u-1",
      signIn: { server: server.address, certificateAuthority, audience },
    });
    const { output, exitCode } = await developersKubeconfig(github.environment);
    expect(exitCode, output).to.equal(6);
    expect(server.requests.length).to.be.greaterThan(1);
    expect(github.asked.length).to.be.at.least(server.requests.length);
  });

  it("has its kubeconfig in a folder that nobody else reads, until a signal ends it", async () => {
    server.answer = undefined;
    const ended = developersKubeconfig(github.environment, {
      onStart: (pid) =>
        void eventually(() => server.requests.length > 0).then(() => {
          const [name = ""] = readdirSync(temporary).filter((one) => /sign-in/.test(one));
          written = readFileSync(join(temporary, name, "kubeconfig"), "utf8");
          process.kill(pid, "SIGTERM");
        }),
    });
    let written = "";
    expect((await ended).exitCode).to.equal(128);
    expect(written).to.contain('"credential"').and.contain(server.address);
    expect(written).not.to.contain("signature").and.not.contain("key-of-the-job");
  });

  it("takes a kubeconfig whose content its host keeps as a secret, before it signs in", async () => {
    const kept = await FakeApiServer.start();
    const REVIEW_KUBECONFIG = kept.kubeconfig();
    const environment = { ...github.environment, REVIEW_KUBECONFIG };
    expect((await developersKubeconfig(environment)).output).to.contain(kept.address);
    kept.stop();
    expect(server.requests).to.deep.equal([]);
    expect(github.asked).to.deep.equal([]);
  });

  it("takes the cluster that somebody chose, if one is", async () => {
    const chosen = await FakeApiServer.start();
    const KUBECONFIG = chosen.kubeconfigFile();
    const { output } = await developersKubeconfig({ ...github.environment, KUBECONFIG });
    expect(output).to.contain(`Looking at the cluster ${chosen.address}`);
    settings({
      signIn: { server: server.address, audience },
      config: { "kubernetes:kubeconfig": chosen.kubeconfig() },
    });
    expect((await developersKubeconfig(github.environment)).output).to.contain(chosen.address);
    chosen.stop();
    expect(server.requests).to.deep.equal([]);
    expect(github.asked).to.deep.equal([]);
  });

  it("says on a person's machine how the cluster is chosen there", async () => {
    const { exitCode, stderr } = await developersKubeconfig({});
    expect(exitCode).to.equal(2);
    expect(stderr)
      .to.contain("Set the environment variable KUBECONFIG")
      .and.contain("REVIEW_ID_TOKEN");
    expect(stderr).not.to.contain("pulumi config set");
    settings({});
    const other = await developersKubeconfig(github.environment);
    expect(other.exitCode).to.equal(2);
    expect(other.stderr).to.contain("where review.yaml says `signIn`");
    expect(other.stderr).not.to.contain("pulumi config set");
  });

  it("ends with 3 where the API server does not take it, and says what the token claims", async () => {
    server.answer = { status: 401, body: { kind: "Status" } };
    for (const args of [
      ["up", "login"],
      ["extend", "login", "--for", "1d"],
      ["kubeconfig", "login"],
      ["open", "login"],
    ]) {
      const { exitCode, stderr } = await run(args, github.environment);
      expect(exitCode, stderr).to.equal(3);
      expect(stderr).to.match(
        /^error: .* does not take these credentials\. .*repository_id "7".*sign-in\.md.*$/m,
      );
      expect(stderr).not.to.contain("signature");
    }
  });

  it("ends with 3 where the host gives no token, and says why", async () => {
    github.answer = () => 403;
    const { exitCode, stderr } = await developersKubeconfig(github.environment);
    expect(exitCode, stderr).to.equal(3);
    expect(stderr, stderr).to.match(
      /^error: .*GitHub gave this run no token \(HTTP status 403\)\..*$/m,
    );
  });

  it("prints its token for clients of Kubernetes alone", async () => {
    const args = ["credential", "--audience", audience];
    const { exitCode, output } = await run(args, github.environment);
    expect(exitCode).to.equal(2);
    expect(output).not.to.contain("signature");
    const asked = { ...github.environment, KUBERNETES_EXEC_INFO: "{}" };
    const { stdout } = await run(args, asked);
    expect(JSON.parse(stdout)).to.have.property("kind", "ExecCredential");
    expect((await run(["--help"])).stdout).not.to.match(/^ +credential\b/m);
  });

  /** Who asked, each once. */
  function authorizations() {
    return [...new Set(server.requests.map(({ headers }) => headers.authorization))];
  }

  function settings(changes: object): void {
    const developers = { issuer: "https://accounts.example.com", clientId: "cluster" };
    const content = { project: "shop", developers, ...changes };
    writeFileSync(join(folder, "review.yaml"), JSON.stringify(content));
  }

  /** Asks for an environment, which there is not, and for nothing of Pulumi. */
  function developersKubeconfig(
    environment: Readonly<Record<string, string>>,
    options: Partial<CommandOptions> = {},
  ) {
    return run(["kubeconfig", "login", "--developer"], environment, options);
  }

  function run(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    options: Partial<CommandOptions> = {},
  ) {
    const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: temporary, ...environment };
    return runCommand(process.execPath, [review, ...args], { cwd: folder, ...options, env });
  }
});
