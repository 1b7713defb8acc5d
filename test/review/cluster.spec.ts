import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Checkpoint } from "#review/checkpoint";
import { clusterOf } from "#review/cluster";
import { ReviewError } from "#review/exitCodes";

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

  it("is that of KUBECONFIG", async () => {
    const { server } = await clusterOf(stateWith({}), noneDecrypted);
    expect(server).to.equal("https://first.invalid");
  });

  it("is that of the context which the stack's provider uses", async () => {
    const { server } = await clusterOf(stateWith({ context: "second" }), noneDecrypted);
    expect(server).to.equal("https://second.invalid");
  });

  it("is that of the kubeconfig which the stack keeps secret, before any other", async () => {
    process.env.KUBECONFIG = "";
    const decrypted = () => stateWith({ kubeconfig });
    const { server } = await clusterOf(stateWith({ kubeconfig: "[secret]" }), decrypted);
    process.env.KUBECONFIG = join(folder, "config");
    expect(server).to.equal("https://first.invalid");
  });

  for (const [reason, path, settings] of [
    ["its kubeconfig does not exist", join(folder, "missing"), {}],
    ["its context does not exist", join(folder, "config"), { context: "third" }],
  ] as const) {
    it(`is told to be unusable when ${reason}, without a stack trace`, async () => {
      process.env.KUBECONFIG = path;
      const refusal = await clusterOf(stateWith(settings), noneDecrypted).catch(
        (error: unknown) => error,
      );
      process.env.KUBECONFIG = join(folder, "config");
      expect(refusal).to.be.instanceOf(ReviewError);
      expect((refusal as ReviewError).message).to.match(/^The kubeconfig cannot be used: /);
    });
  }

  it("is not found in a KUBECONFIG that holds content, of which nothing is told", async () => {
    process.env.KUBECONFIG = '{"users": [{"user": {"token": "hunter2"}}]}';
    const refusal = await clusterOf(stateWith({}), noneDecrypted).catch((error: unknown) => error);
    process.env.KUBECONFIG = join(folder, "config");
    expect(refusal).to.be.instanceOf(ReviewError);
    expect((refusal as ReviewError).exitCode).to.equal(2);
    expect((refusal as ReviewError).message).to.contain("holds the content of a kubeconfig");
    expect((refusal as ReviewError).message).not.to.contain("hunter2");
  });

  it("is told to be unusable without anything of what the stack keeps secret", async () => {
    const decrypted = () => stateWith({ kubeconfig: "users: *hunter2" });
    const refusal = await clusterOf(stateWith({ kubeconfig: "[secret]" }), decrypted).catch(
      (error: unknown) => error,
    );
    expect(refusal).to.be.instanceOf(ReviewError);
    expect((refusal as ReviewError).message).to.equal(
      "The kubeconfig cannot be used: it is not valid YAML; nothing of it is shown here",
    );
  });

  it("is not found where nobody chose one", async () => {
    process.env.KUBECONFIG = "";
    const refusal = await clusterOf(stateWith({}), noneDecrypted).catch((error: unknown) => error);
    process.env.KUBECONFIG = join(folder, "config");
    expect(refusal).to.be.instanceOf(ReviewError);
    expect((refusal as ReviewError).exitCode).to.equal(2);
  });
});
