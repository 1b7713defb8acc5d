import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Checkpoint } from "#review/state/checkpoint";
import { clusterOf } from "#review/cluster/cluster";
import { ReviewError } from "#review/exitCodes";
import { FakeApiServer } from "../../kubernetes/support/fakeApiServer";

const kubeconfig = JSON.stringify({
  clusters: ["first", "second"].map((name) => ({
    name,
    cluster: { server: `https://${name}.invalid` },
  })),
  contexts: ["first", "second"].map((name) => ({ name, context: { cluster: name, user: "jane" } })),
  users: [{ name: "jane", user: {} }],
  "current-context": "first",
});

function stateWith(settings: object): Checkpoint {
  const provider = { urn: "urn:provider", type: "pulumi:providers:kubernetes", inputs: settings };
  return { deployment: { resources: [provider] } };
}

const noneDecrypted = () => {
  throw new Error("no secret is needed");
};

function refusalOf(choose: () => unknown): unknown {
  try {
    return choose();
  } catch (error) {
    return error;
  }
}

describe("the cluster of a recovery", () => {
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-kubeconfig-"));
  const chosen = process.env.KUBECONFIG;

  before(() => {
    writeFileSync(join(folder, "config"), kubeconfig);
    process.env.KUBECONFIG = join(folder, "config");
  });

  after(() => {
    if (chosen === undefined) {
      delete process.env.KUBECONFIG;
    } else {
      process.env.KUBECONFIG = chosen;
    }
    rmSync(folder, { recursive: true });
  });

  it("is that of KUBECONFIG", () => {
    const { server } = clusterOf(stateWith({}), noneDecrypted);
    expect(server).to.equal("https://first.invalid");
  });

  it("is that of the context which the stack's provider uses", () => {
    const { server } = clusterOf(stateWith({ context: "second" }), noneDecrypted);
    expect(server).to.equal("https://second.invalid");
  });

  it("is that of the kubeconfig which the stack keeps secret, before any other", () => {
    process.env.KUBECONFIG = "";
    const decrypted = () => stateWith({ kubeconfig });
    const { server } = clusterOf(stateWith({ kubeconfig: "[secret]" }), decrypted);
    process.env.KUBECONFIG = join(folder, "config");
    expect(server).to.equal("https://first.invalid");
  });

  it("is that of what a state shows of its secrets, which is their JSON", () => {
    process.env.KUBECONFIG = "";
    const shown = (value: string) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(value),
    });
    const decrypted = () => stateWith({ kubeconfig: shown(kubeconfig), context: shown("second") });
    const hidden = { "4dabf18193072939515e22adb298388d": "1b47", ciphertext: "hunter2" };
    const servers = [{ kubeconfig: hidden, context: hidden }].map(
      (settings) => clusterOf(stateWith(settings), decrypted).server,
    );
    process.env.KUBECONFIG = join(folder, "config");
    servers.push(
      clusterOf(stateWith({ context: hidden }), () => stateWith({ context: shown("second") }))
        .server,
    );
    expect(servers).to.deep.equal(["https://second.invalid", "https://second.invalid"]);
  });

  for (const [reason, path, settings] of [
    ["its kubeconfig does not exist", join(folder, "missing"), {}],
    ["its context does not exist", join(folder, "config"), { context: "third" }],
  ] as const) {
    it(`is told to be unusable when ${reason}, without a stack trace`, () => {
      process.env.KUBECONFIG = path;
      const refusal = refusalOf(() => clusterOf(stateWith(settings), noneDecrypted));
      process.env.KUBECONFIG = join(folder, "config");
      expect(refusal).to.be.instanceOf(ReviewError);
      expect((refusal as ReviewError).message).to.match(/^The kubeconfig cannot be used: /);
    });
  }

  it("is not found in a KUBECONFIG that holds content, of which nothing is told", () => {
    process.env.KUBECONFIG = '{"users": [{"user": {"token": "hunter2"}}]}';
    const refusal = refusalOf(() => clusterOf(stateWith({}), noneDecrypted));
    process.env.KUBECONFIG = join(folder, "config");
    expect(refusal).to.be.instanceOf(ReviewError);
    expect((refusal as ReviewError).exitCode).to.equal(2);
    expect((refusal as ReviewError).message).to.contain("holds the content of a kubeconfig");
    expect((refusal as ReviewError).message).not.to.contain("hunter2");
  });

  it("is told to be unusable without anything of what the stack keeps secret", () => {
    const decrypted = () => stateWith({ kubeconfig: "users: *hunter2" });
    const refusal = refusalOf(() => clusterOf(stateWith({ kubeconfig: "[secret]" }), decrypted));
    expect(refusal).to.be.instanceOf(ReviewError);
    expect((refusal as ReviewError).message).to.equal(
      "The kubeconfig cannot be used: it is not valid YAML; nothing of it is shown here",
    );
  });

  it("is not found where nobody chose one", () => {
    process.env.KUBECONFIG = "";
    const refusal = refusalOf(() => clusterOf(stateWith({}), noneDecrypted));
    process.env.KUBECONFIG = join(folder, "config");
    expect(refusal).to.be.instanceOf(ReviewError);
    expect((refusal as ReviewError).exitCode).to.equal(2);
  });
});

describe("an object of the cluster of a recovery", () => {
  let server: FakeApiServer;
  const hole = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "hole-web", namespace: "review-a" },
  };
  const version = "/apis/networking.k8s.io/v1";
  const path = `${version}/namespaces/review-a/networkpolicies/hole-web`;
  const served = {
    status: 200,
    body: {
      resources: [
        { name: "ingressclasses", kind: "IngressClass", namespaced: false },
        { name: "networkpolicies", kind: "NetworkPolicy", namespaced: true },
      ],
    },
  };

  beforeEach(async () => {
    server = await FakeApiServer.start();
    server.answers = { [version]: served };
  });

  afterEach(() => server.stop());

  function cluster() {
    const settings = { kubeconfig: server.kubeconfig() };
    return clusterOf(stateWith(settings), () => stateWith(settings));
  }

  it("is found by its kind", async () => {
    const metadata = { ...hole.metadata, labels: { team: "shop" } };
    server.answers = { ...server.answers, [path]: { status: 200, body: { metadata } } };
    expect((await cluster().metadataOf(hole))?.labels).to.deep.equal({ team: "shop" });
    expect(await cluster().endOf(hole)).to.deep.equal({ metadata });
  });

  it("is found where it is in no namespace", async () => {
    const metadata = { name: "web" };
    const body = { metadata };
    server.answers = {
      ...server.answers,
      [`${version}/ingressclasses/web`]: { status: 200, body },
    };
    const ingressClass = { ...hole, kind: "IngressClass", metadata };
    expect((await cluster().metadataOf(ingressClass))?.labels).to.deep.equal({});
  });

  it("is absent where the API server does not have it, or does not serve its version", async () => {
    expect(await cluster().metadataOf(hole)).to.equal(undefined);
    server.answers = {};
    expect(await cluster().endOf(hole)).to.equal(undefined);
  });

  for (const [reason, answer, words, exitCode] of [
    ["it may not be read", { status: 403, body: {} }, "these credentials may not read it", 3],
    [
      "nobody knows who asks",
      { status: 401, body: {} },
      "the API server does not take these credentials. See that they are of this cluster, and have not ended.",
      3,
    ],
    [
      "its kind is not served",
      { status: 200, body: { resources: [] } },
      "Unrecognized API version and kind: networking.k8s.io/v1 NetworkPolicy",
      1,
    ],
    [
      "something else answers",
      { status: 200, body: "<html>" },
      "Unrecognized API version and kind: networking.k8s.io/v1 NetworkPolicy",
      1,
    ],
  ] as const) {
    it(`is told to be unreadable when ${reason}, with ${exitCode}`, async () => {
      server.answers = { [version]: answer };
      const refusal = await cluster()
        .metadataOf(hole)
        .catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(ReviewError);
      expect((refusal as ReviewError).message).to.equal(
        `NetworkPolicy hole-web could not be read: ${words}`,
      );
      expect((refusal as ReviewError).exitCode).to.equal(exitCode);
    });
  }
});
