import { expect } from "chai";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type CommandResult, runCommand } from "../support/command";
import { eventually } from "../support/eventually";
import { skipWithoutNode } from "../support/skipWithoutNode";
import { corePath, createAll, groupPath, patchRequest, postRequest } from "./support/apiRequests";
import { endOf, hasEnded, isRunning, NodeScene } from "./support/nodeScene";
import { ReviewProgram } from "./support/reviewProgram";

const firstStart = 30 * 60_000;
const repository = resolve(__dirname, "../../..");
const review = join(repository, "review", "review.js");

/** The kubelet measures the volumes of pods once a minute. */
const measured = 60_000;

describe("pods that run for long", function () {
  this.timeout(300_000);
  let scene: NodeScene;
  let program: ReviewProgram;

  before("start two nodes", async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    scene = await NodeScene.start();
    program = new ReviewProgram(scene.sandbox);
  });

  after(async () => {
    program?.remove();
    await scene?.end();
  });

  it("are evicted when they write more than they may", async () => {
    const namespace = "review-disk";
    await scene.bringUp(namespace);
    const container = {
      resources: { limits: { "ephemeral-storage": "20Mi" } },
      volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
    };
    const spec = { volumes: [{ name: "scratch", emptyDir: {} }] };
    const write = (mebibytes: string) => {
      const file = ["--disk", mebibytes, "--folder", "/scratch"];
      return ["burn", ...file, "--for", "105s"];
    };
    await scene.createPod(namespace, "writer", write("40"), { spec, container });
    await scene.createPod(namespace, "modest", write("10"), { spec, container });
    await sleep(measured);
    const writer = await scene.podOnce(namespace, "writer", hasEnded);
    const modest = await scene.podOnce(namespace, "modest", hasEnded);

    expect(writer.status.reason, JSON.stringify(writer.status)).to.equal("Evicted");
    expect(writer.status.message).to.match(/exceeds|exceeded/);
    expect(endOf(modest)).to.equal("Completed");
  });

  it("are all replaced by a rolling update where they fill the quota", async () => {
    const namespace = "review-full";
    const path = groupPath({ namespace }, "apps", "deployments");
    await scene.bringUp(namespace, { size: "small" });
    const template = { metadata: { labels: { app: "shop" } }, spec: scene.podSpec(["serve"]) };
    const spec = { replicas: 12, selector: { matchLabels: { app: "shop" } }, template };
    await createAll(scene.api, [postRequest(path, { metadata: { name: "shop" }, spec })]);
    const have = (wanted: object) => async () => {
      const { metadata, status } = (await scene.api.request("GET", `${path}/shop`)).body;
      const seen = { ...status, isSeen: metadata.generation === status.observedGeneration };
      return Object.entries({ ...wanted, isSeen: true }).every(
        ([key, value]) => seen[key] === value,
      );
    };
    await eventually(have({ readyReplicas: 12 }));
    expect((await quota(namespace)).used.pods).to.equal((await quota(namespace)).hard.pods);

    const change = { spec: { template: { metadata: { annotations: { version: "next" } } } } };
    await createAll(scene.api, [patchRequest(`${path}/shop`, change)]);
    const isReplaced = have({ replicas: 12, readyReplicas: 12, updatedReplicas: 12 });
    // The controller tries ever more seldom while the old pods still count.
    for (let minute = 1; minute < 4 && !(await isReplaced()); minute++) {
      await eventually(isReplaced).catch(() => undefined);
    }

    expect(await isReplaced()).to.equal(true);
    await scene.api.request("DELETE", corePath({ namespace }));
  });

  async function quota(namespace: string) {
    const path = `${corePath({ namespace }, "resourcequotas")}/environment`;
    type Amounts = Readonly<Record<string, string>>;
    type Quota = { readonly status: { readonly hard: Amounts; readonly used: Amounts } };
    return (await scene.api.request<Quota>("GET", path)).body.status;
  }

  it("hold `destroy` while their node is gone, until its Node is deleted", async () => {
    const stack = "review-lost";
    await bringUpWithPods(stack);
    scene.loseNode("node-2");
    let isDestroyed = false;
    const destroyed = program.destroy(stack).finally(() => (isDestroyed = true));
    await eventually(async () => (await namesIn(stack)).join() === "there");
    // The grace of the pod has been over for long by then.
    await sleep(20_000);
    const told = await doctor(stack);
    const left = await scene.podsIn(stack);

    expect(isDestroyed).to.equal(false);
    expect(left.map(({ metadata }) => metadata.deletionTimestamp)).not.to.include(undefined);
    expect(told.exitCode, told.output).to.equal(1);
    expect(told.stdout).to.contain(`Namespace ${stack} is being deleted since`);
    expect(told.stdout, told.stdout).to.contain("a node that is gone");

    await scene.api.request("DELETE", "/api/v1/nodes/node-2");
    const { exitCode, output } = await destroyed;
    expect(exitCode, output).to.equal(0);
    expect((await scene.api.request("GET", corePath({ namespace: stack }))).status).to.equal(404);
  });

  async function bringUpWithPods(stack: string): Promise<void> {
    await program.createStack(stack);
    const up = await program.up(stack);
    expect(up.exitCode, up.output).to.equal(0);
    await scene.createPod(stack, "here", ["serve"], { spec: { nodeName: "node-1" } });
    await scene.createPod(stack, "there", ["serve"], { spec: { nodeName: "node-2" } });
    await scene.podOnce(stack, "here", isRunning);
    await scene.podOnce(stack, "there", isRunning);
  }

  async function namesIn(namespace: string): Promise<string[]> {
    return (await scene.podsIn(namespace)).map(({ metadata }) => metadata.name);
  }

  function doctor(stack: string): Promise<CommandResult> {
    const env = { ...process.env, ...scene.sandbox.environment };
    const command = [review, "doctor", "--stack", `organization/review/${stack}`];
    return runCommand(process.execPath, command, { cwd: program.folder, env });
  }
});
