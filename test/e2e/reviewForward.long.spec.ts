import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { eventually } from "../support/eventually";
import { create } from "../support/probePods";
import { skipWithoutNode } from "../support/skipWithoutNode";
import { corePath } from "./support/apiRequests";
import { NodeScene } from "./support/nodeScene";

const review = resolve(__dirname, "../../../review/review.js");
const firstStart = 30 * 60_000;
const namespace = "review-forwarded";

describe("a port that review open forwards", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-forward-"));
  const running: ChildProcessWithoutNullStreams[] = [];
  let scene: NodeScene;

  before("start two nodes", async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    scene = await NodeScene.start();
    writeFileSync(join(folder, "review.yaml"), "project: review\n");
    await scene.bringUp(namespace);
    await startWeb("first");
    const ports = [
      { name: "web", port: 80, targetPort: "web" },
      { name: "dead", port: 81, targetPort: 9 },
    ];
    const spec = { selector: { app: "web" }, ports };
    const path = corePath({ namespace }, "services");
    await create(scene.api, path, { metadata: { name: "web" }, spec });
  });

  after(async () => {
    running.forEach((child) => child.kill("SIGKILL"));
    await scene?.end();
    rmSync(folder, { recursive: true });
  });

  it("reaches the pod through the walls, for several at once and after the pod was replaced", async () => {
    const forward = await open("web:80");
    const pages = await Promise.all([1, 2, 3].map(() => page(forward.address)));
    pages.forEach((text) => expect(text).to.contain("the first page"));

    await scene.api.request("DELETE", `${corePath({ namespace }, "pods")}/first`);
    await startWeb("second");
    let text = "";
    await eventually(async () => {
      text = await page(forward.address).catch(() => "");
      return text.includes("the second page");
    });
    expect(await end(forward.child)).to.deep.equal([0, null]);
    expect(await page(forward.address).catch(() => "closed")).to.equal("closed");
  });

  it("tells why a connection ended that the pod refused, and stays", async () => {
    const forward = await open("web:dead");
    expect(await page(forward.address).catch(() => "closed")).to.equal("closed");
    await eventually(() => forward.told().includes("A connection ended:"));
    expect(forward.child.exitCode).to.equal(null);
    expect(await end(forward.child)).to.deep.equal([0, null]);
  });

  async function startWeb(name: string): Promise<void> {
    const ports = [{ name: "web", containerPort: 8080 }];
    const args = ["serve", "--page", `the ${name} page`, "http:8080"];
    const spec = scene.podSpec(args, { container: { ports } });
    const pod = { metadata: { name, labels: { app: "web" } }, spec };
    await create(scene.api, corePath({ namespace }, "pods"), pod);
    await scene.podOnce(namespace, name, ({ status }) =>
      (status.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True"),
    );
  }

  async function open(port: string) {
    const args = [review, "open", "forwarded", "--port-forward", port];
    const env = { ...process.env, ...scene.sandbox.environment };
    const child = spawn(process.execPath, args, { cwd: folder, env });
    running.push(child);
    let told = "";
    let said = "";
    child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await eventually(() => said.includes("\n") || child.exitCode !== null);
    expect(said, told).to.match(/^127\.0\.0\.1:\d+\n$/);
    return { child, address: said.trim(), told: () => told };
  }
});

async function page(address: string): Promise<string> {
  const signal = AbortSignal.timeout(10_000);
  return (await fetch(`http://${address}/`, { signal })).text();
}

async function end(child: ChildProcessWithoutNullStreams): Promise<unknown[]> {
  const ended = once(child, "exit");
  child.kill("SIGINT");
  return ended;
}
