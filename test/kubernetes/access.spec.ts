import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Access, accessTo, staticAccess } from "#kubernetes/access";
import { KubernetesApi } from "#kubernetes/kubernetesApi";
import { messageOf } from "#kubernetes/messages";
import { FakeApiServer } from "./support/fakeApiServer";

const path = "/api/v1/namespaces/review-login";
const encoded = (text: string) => Buffer.from(text).toString("base64");

/** Kubernetes' own client takes an address without TLS only with this. */
const plainHttp = { "insecure-skip-tls-verify": true };

describe("the way to the cluster that was chosen", () => {
  let server: FakeApiServer;

  beforeEach(async () => {
    server = await FakeApiServer.start();
  });

  afterEach(() => server.stop());

  async function headersWith(user: object, cluster?: object) {
    const access = await accessTo({ kubeconfig: server.kubeconfig(user, cluster) });
    await new KubernetesApi(access).request("GET", path);
    expect(server.requests).to.have.length(1);
    return server.requests[0]?.headers ?? {};
  }

  it("shows a token", async () => {
    expect(await headersWith({ token: "hunter2" })).to.include({ authorization: "Bearer hunter2" });
  });

  it("shows the token of a file before another one, as Kubernetes' own client does", async () => {
    const tokenFile = join(server.folder, "token");
    writeFileSync(tokenFile, "of the file\n");
    expect(await headersWith({ token: "hunter2", tokenFile })).to.include({
      authorization: "Bearer of the file",
    });
  });

  it("shows a name and a password", async () => {
    expect(await headersWith({ username: "jane", password: "hunter2" })).to.include({
      authorization: `Basic ${encoded("jane:hunter2")}`,
    });
  });

  for (const form of ["v1", "v1beta1"]) {
    it(`shows what a command prints that was asked in the words of ${form}`, async () => {
      const command = join(server.folder, "login");
      const apiVersion = `client.authentication.k8s.io/${form}`;
      writeFileSync(command, loginScript, { mode: 0o700 });
      const exec = {
        apiVersion,
        command,
        args: ["--for", "ci"],
        env: [{ name: "REGION", value: "eu" }],
      };
      const { authorization } = await headersWith({ exec }, plainHttp);
      expect(authorization).to.equal(`Bearer --for-ci-eu-${form}-ExecCredential`);
    });
  }

  it("finds the command of a file beside that file", async () => {
    mkdirSync(join(server.folder, "plugins"));
    writeFileSync(join(server.folder, "plugins", "login"), loginScript, { mode: 0o700 });
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./plugins/login" };
    const access = await accessTo({
      kubeconfigVariable: server.kubeconfigFile({ exec }, plainHttp),
    });
    expect(access.options.headers).to.have.property("Authorization");
  });

  for (const [end, runs] of [
    ["2020-01-01T00:00:00Z", 3],
    ["2120-01-01T00:00:00Z", 1],
  ] as const) {
    it(`runs a command ${runs} times for two requests where what it printed ends at ${end}`, async () => {
      const command = join(server.folder, "login");
      const credential = {
        kind: "ExecCredential",
        status: { token: "a", expirationTimestamp: end },
      };
      const script = `#!/bin/sh\necho run >> ${command}.runs\necho '${JSON.stringify(credential)}'\n`;
      writeFileSync(command, script, { mode: 0o700 });
      const exec = { apiVersion: "client.authentication.k8s.io/v1", command };
      const kubeconfig = server.kubeconfig({ exec }, plainHttp);
      const api = new KubernetesApi(await accessTo({ kubeconfig }));
      await api.request("GET", path);
      await api.request("GET", path);
      expect(readFileSync(`${command}.runs`, "utf8")).to.equal("run\n".repeat(runs));
    });
  }

  for (const [command, words] of [
    ["failing", "you are not logged in"],
    ["missing", "ENOENT"],
  ] as const) {
    it(`fails with what is known of a command that is ${command}`, async () => {
      const path = join(server.folder, command);
      writeFileSync(join(server.folder, "failing"), failingScript, { mode: 0o700 });
      const exec = { apiVersion: "client.authentication.k8s.io/v1", command: path };
      const error = await accessTo({ kubeconfig: server.kubeconfig({ exec }, plainHttp) }).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(Error).and.have.property("message").that.contains(words);
    });
  }

  const misused: Readonly<Record<string, readonly [user: object, words: string]>> = {
    "a token in place of the file of one": [
      { tokenFile: "eyJhbGciOi.hunter2" },
      "the file that its tokenFile names cannot be read: ENOENT",
    ],
    "a key in place of the file of one": [
      { "client-key": encoded("hunter2") },
      "the file that its client-key names cannot be read: ENOENT",
    ],
    "a key that is longer than any path": [
      { "client-key": encoded("hunter2").repeat(1000) },
      "the file that its client-key names cannot be read: ENAMETOOLONG",
    ],
    "the same beside what Kubernetes' own client has to read": [
      { "client-key": encoded("hunter2"), "client-certificate": "/nowhere", as: "ada" },
      "a file that it names cannot be read: ENOENT",
    ],
    "a command with all its arguments": [
      { exec: { command: "curl -H 'Authorization: hunter2'" } },
      "the command that its user names cannot be run: ENOENT",
    ],
    "a command that prints the token alone": [
      { exec: { command: "/bin/echo", args: ["hunter2"] } },
      "the command that its user names did not print an ExecCredential",
    ],
    "a command that prints something else": [
      { exec: { command: "/bin/echo", args: ['{"token":"hunter2"}'] } },
      "the command that its user names did not print an ExecCredential",
    ],
  };
  for (const [what, [user, words]] of Object.entries(misused)) {
    it(`shows nothing of ${what}`, async () => {
      const error = (await accessTo({ kubeconfig: server.kubeconfig(user, plainHttp) }).catch(
        (reason: unknown) => reason,
      )) as Error;
      expect(error).to.be.instanceOf(Error).and.have.property("message").that.contains(words);
      expect(error.message).not.to.match(/hunter2|aHVudGVyMg/);
    });
  }

  it("acts as somebody else where the kubeconfig says so", async () => {
    const headers = await headersWith({ token: "hunter2", as: "ada" }, plainHttp);
    expect(headers).to.include({ "impersonate-user": "ada", authorization: "Bearer hunter2" });
  });

  it("holds certificates and names from data before files", async () => {
    const user = { "client-certificate-data": encoded("cert"), "client-key-data": encoded("key") };
    const cluster = {
      "certificate-authority-data": encoded("ca"),
      "certificate-authority": "/nowhere",
      "tls-server-name": "kubernetes.example.com",
    };
    const { options } = await accessTo({ kubeconfig: server.kubeconfig(user, cluster) });
    expect(textsOf(options)).to.deep.equal({
      ca: "ca",
      cert: "cert",
      key: "key",
      servername: "kubernetes.example.com",
      rejectUnauthorized: true,
    });
  });

  it("finds files beside the kubeconfig that names them", async () => {
    writeFileSync(join(server.folder, "ca.crt"), "ca of a file");
    const kubeconfigVariable = server.kubeconfigFile({}, { "certificate-authority": "ca.crt" });
    const { options } = await accessTo({ kubeconfigVariable });
    expect(textsOf(options)).to.include({ ca: "ca of a file" });
  });

  it("is there at once for certificates, tokens and passwords, and for nothing more", async () => {
    const choice = { kubeconfig: server.kubeconfig({ username: "jane", password: "hunter2" }) };
    expect(staticAccess(choice)).to.deep.equal(await accessTo(choice));
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "login" };
    expect(() => staticAccess({ kubeconfig: server.kubeconfig({ exec }) })).to.throw(
      "it names more than a certificate, a token or a password",
    );
  });

  it("trusts everybody only where the kubeconfig says so", async () => {
    const { options } = await accessTo({ kubeconfig: server.kubeconfig({}, plainHttp) });
    expect(options.rejectUnauthorized).to.equal(false);
  });

  it("loads Kubernetes' own client only for more than certificates, tokens and passwords", () => {
    // The client is an ES module, which this cache does not show, but one that it needs is in it.
    const loaded = (user: object, cluster?: object) => {
      const choice = JSON.stringify({ kubeconfig: server.kubeconfig(user, cluster) });
      const script =
        `require(${JSON.stringify(require.resolve("#kubernetes/access"))}).accessTo(${choice}).then(() =>` +
        "console.log(Object.keys(require.cache).some((file) => file.includes('/node_modules/ws/'))))";
      return execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();
    };
    const plain = { token: "hunter2", username: "jane", password: "hunter2" };
    expect(loaded(plain, plainHttp)).to.equal("false");
    expect(loaded(plain, { ...plainHttp, "proxy-url": "http://127.0.0.1:1" })).to.equal("true");
  });
});

describe("a request to the cluster", () => {
  let server: FakeApiServer;
  let api: KubernetesApi;

  beforeEach(async () => {
    server = await FakeApiServer.start();
    api = new KubernetesApi({ server: server.address, options: {} });
  });

  afterEach(() => server.stop());

  it("fails when there is no answer in time, and says so", async () => {
    server.answer = undefined;
    const error = await api
      .request("GET", path, undefined, { timeout: 50 })
      .catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(Error)
      .and.have.property("message", `${server.address} does not answer: no answer within 0.05 s`);
  });

  it("fails when nobody listens, and names the server", async () => {
    const nobody = new KubernetesApi({ server: "https://127.0.0.1:1", options: {} });
    const error = await nobody.request("GET", path).catch((reason: unknown) => reason);
    expect((error as Error).message).to.match(
      /^https:\/\/127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/,
    );
  });

  it("shares its connection with the next one, unless each is to have one of its own", async () => {
    const access = { server: server.address, options: {} };
    for (const [keepAlive, connections] of [
      [true, 1],
      [false, 3],
    ] as const) {
      const before = server.connections;
      const client = new KubernetesApi(access, { keepAlive });
      for (let count = 0; count < 3; count++) {
        await client.request("GET", path);
      }
      client.close();
      expect(server.connections - before).to.equal(connections);
    }
  });

  it("keeps the path of the server's address, and takes a query and headers", async () => {
    const access = { server: `${server.address}/clusters/one`, options: { headers: { a: "1" } } };
    const options = { query: { dryRun: "All" }, headers: { "Impersonate-Group": ["a", "b"] } };
    await new KubernetesApi(access).request("DELETE", path, { kind: "DeleteOptions" }, options);
    const [{ method, url, headers }] = server.requests as [(typeof server.requests)[number]];
    expect([method, url]).to.deep.equal(["DELETE", `/clusters/one${path}?dryRun=All`]);
    expect(headers).to.include({ a: "1", "impersonate-group": "a, b", "content-length": "24" });
  });

  it("takes every status for an answer, and every body", async () => {
    server.answer = { status: 503, body: "<html>" };
    const answer = await api.request("GET", path);
    expect(answer).to.deep.equal({ status: 503, body: "<html>" });
    expect(messageOf(answer.body)).to.equal("no reason was given");
  });
});

/** Prints a token made of all that it was told. */
const loginScript = `#!/bin/sh
version=$(echo "$KUBERNETES_EXEC_INFO" | sed 's/.*client.authentication.k8s.io.\\([a-z0-9]*\\)".*/\\1/')
kind=$(echo "$KUBERNETES_EXEC_INFO" | sed 's/.*"kind":"\\([A-Za-z]*\\)".*/\\1/')
token="$1-$2-$REGION-$version-$kind"
echo '{"kind": "ExecCredential", "status": {"token": "'$token'"}}'
`;

const failingScript = "#!/bin/sh\necho you are not logged in >&2\nexit 1\n";

function textsOf({ ca, cert, key, servername, rejectUnauthorized }: Access["options"]): object {
  const [authority, certificate, privateKey] = [ca, cert, key].map((value) =>
    Buffer.isBuffer(value) ? value.toString() : value,
  );
  return { ca: authority, cert: certificate, key: privateKey, servername, rejectUnauthorized };
}
