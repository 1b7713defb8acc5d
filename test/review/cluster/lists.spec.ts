import { expect } from "chai";
import { KubernetesApi } from "secure-environment-kubernetes";
import { CredentialsError } from "#review/cluster/credentialsError";
import { listAll } from "#review/cluster/lists";
import { FakeApiServer } from "../../kubernetes/support/fakeApiServer";

const first = "/api/v1/namespaces?labelSelector=a%3Db&limit=500";
const next = `${first}&continue=t%2B1`;
const unpaged = "/api/v1/namespaces?labelSelector=a%3Db";

describe("a list that comes in pages", () => {
  let server: FakeApiServer;
  let api: KubernetesApi;

  beforeEach(async () => {
    server = await FakeApiServer.start();
    api = new KubernetesApi(server.kubeconfigFile());
  });

  afterEach(() => {
    api.close();
    server.stop();
  });

  it("is read to its end", async () => {
    server.answers = { [first]: page(["a"], "t+1"), [next]: page(["b", "c"]) };
    expect(await list()).to.deep.equal(["a", "b", "c"]);
    expect(server.requests.map(({ url }) => url)).to.deep.equal([first, next]);
  });

  it("begins anew, and in one answer, when its instant is forgotten", async () => {
    server.answers = {
      [first]: page(["a"], "t+1"),
      [next]: { status: 410, body: { kind: "Status", reason: "Expired" } },
      [unpaged]: page(["a", "b"]),
    };
    expect(await list()).to.deep.equal(["a", "b"]);
  });

  it("is not known to those who may not read it", async () => {
    server.answer = { status: 403, body: { kind: "Status" } };
    expect(await list()).to.equal(undefined);
  });

  it("is none where the credentials are not taken", async () => {
    server.answer = { status: 401, body: { kind: "Status" } };
    const error = await list().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(CredentialsError).with.property("status", 401);
  });

  for (const answer of [
    { status: 410, body: { kind: "Status" } },
    { status: 200, body: "<html>" },
    { status: 200, body: { kind: "Status" } },
    { status: 503, body: "" },
  ]) {
    it(`is no answer of ${answer.status} and ${JSON.stringify(answer.body)}`, async () => {
      server.answer = answer;
      const error = await list().catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(Error).with.property("message", `HTTP-Code: ${answer.status}`);
    });
  }

  it("may be empty", async () => {
    server.answer = { status: 200, body: { kind: "NamespaceList", items: null } };
    expect(await list()).to.deep.equal([]);
  });

  async function list() {
    const query = { labelSelector: "a=b" };
    const found = await listAll<{ name: string }>(api, "/api/v1/namespaces", query);
    return found?.map(({ name }) => name);
  }
});

function page(names: readonly string[], token?: string) {
  const items = names.map((name) => ({ name }));
  return { status: 200, body: { kind: "NamespaceList", items, metadata: { continue: token } } };
}
