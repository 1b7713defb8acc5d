import { expect } from "chai";
import { eventually } from "../support/eventually";
import { skipWithoutNode } from "../support/skipWithoutNode";
import { corePath, createAll, groupPath, patchRequest, postRequest } from "./support/apiRequests";
import { endOf, hasEnded, isRunning, NodeScene, type RunningPod } from "./support/nodeScene";
import { ReviewProgram } from "./support/reviewProgram";

const firstStart = 30 * 60_000;

/** What a pod says that took something. */
interface Burnt {
  readonly memory: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
}

describe("pods that run in an environment", function () {
  this.timeout(180_000);
  let scene: NodeScene;

  before("start two nodes", async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    scene = await NodeScene.start();
  });

  after(() => scene?.end());

  describe("with limits", () => {
    const namespace = "review-limits";

    before(() => scene.bringUp(namespace));

    it("are killed when they take more memory than the default", async () => {
      await scene.createPod(namespace, "large", ["burn", "--memory", "600", "--for", "1s"]);
      await scene.createPod(namespace, "small", ["burn", "--memory", "400", "--for", "1s"]);
      const large = await scene.podOnce(namespace, "large", hasEnded);
      const small = await scene.podOnce(namespace, "small", hasEnded);

      expect([large, small].map(endOf)).to.deep.equal(["OOMKilled", "Completed"]);
      expect(await scene.reportOf<Burnt>(namespace, "small")).to.include({ memory: 400 });
    });

    it("are slowed when they take more CPU than their limit", async () => {
      const slow = await shareOf("slow", "100m");
      const fast = await shareOf("fast", "1");

      expect(slow).to.be.lessThan(0.2);
      expect(fast).to.be.greaterThan(slow);
    });

    /** How many CPUs a pod has whose threads never rest. */
    async function shareOf(name: string, cpu: string): Promise<number> {
      const container = { resources: { requests: { cpu: "10m" }, limits: { cpu } } };
      await scene.createPod(namespace, name, ["burn", "--cpu", "4", "--for", "5s"], { container });
      await scene.podOnce(namespace, name, hasEnded);
      const { cpuSeconds, seconds } = await scene.reportOf<Burnt>(namespace, name);
      return cpuSeconds / seconds;
    }
  });

  describe("with a quota", () => {
    const namespace = "review-full";
    const collection = groupPath({ namespace }, "apps", "deployments");
    const deployment = `${collection}/shop`;

    before("have as many as the size is for", async () => {
      // Pods that ask for nothing: the requests of twelve fit on one node with two CPUs.
      await scene.bringUp(namespace, { size: "small" });
      const template = { metadata: { labels: { app: "shop" } }, spec: scene.podSpec(["serve"]) };
      const spec = { replicas: 10, selector: { matchLabels: { app: "shop" } }, template };
      await createAll(scene.api, [postRequest(collection, { metadata: { name: "shop" }, spec })]);
      await untilReady(10);
    });

    it("are replaced by a rolling update", async () => {
      await roll("first", {});

      await eventually(async () => {
        const { replicas, readyReplicas, updatedReplicas } = await status();
        return [replicas, readyReplicas, updatedReplicas].every((count) => count === 10);
      });
      const versions = (await scene.podsIn(namespace))
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map(({ metadata }) => metadata.annotations?.version);
      expect(new Set(versions)).to.deep.equal(new Set(["first"]));
    });

    it("are not where they fill the quota and none of them may be missing meanwhile", async () => {
      await createAll(scene.api, [patchRequest(deployment, { spec: { replicas: 12 } })]);
      await untilReady(12);
      await roll("second", { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
      const failure = async () => (await status()).conditions.find(isFailure);
      await eventually(async () => (await failure()) !== undefined);

      expect((await failure())?.message).to.contain("exceeded quota: environment");
      expect(await status()).to.include({ readyReplicas: 12 });
      expect((await status()).updatedReplicas ?? 0).to.equal(0);
    });

    async function untilReady(count: number): Promise<void> {
      await eventually(async () => (await status()).readyReplicas === count);
    }

    interface Status {
      readonly replicas: number;
      readonly readyReplicas?: number;
      readonly updatedReplicas?: number;
      readonly conditions: readonly { type: string; status: string; message: string }[];
    }

    async function status(): Promise<Status> {
      const { body } = await scene.api.request("GET", deployment);
      return body.metadata.generation === body.status.observedGeneration
        ? body.status
        : { replicas: 0, conditions: [] };
    }

    function isFailure({ type, status }: { type: string; status: string }): boolean {
      return type === "ReplicaFailure" && status === "True";
    }

    /** Changes the pods of the Deployment, and how they are replaced. */
    function roll(version: string, strategy: object): Promise<void> {
      const template = { metadata: { annotations: { version } } };
      return createAll(scene.api, [patchRequest(deployment, { spec: { template, strategy } })]);
    }
  });

  describe("with options", () => {
    const label = "secure-environment/node-pool";
    const node = "/api/v1/nodes/node-2";
    const pool = { metadata: { labels: { [label]: "review" } } };
    const taint = { key: label, value: "review", effect: "NoSchedule" };

    for (const size of ["small", "medium", "large"] as const) {
      it(`start with the limits of all pods of the size ${size}`, async () => {
        const [cpu, memory] = { small: [6, 6], medium: [12, 12], large: [24, 24] }[size];
        const namespace = `review-${size}`;
        await scene.bringUp(namespace, { size });
        const limits = { cpu: String(cpu), memory: `${memory}Gi` };
        const container = { resources: { requests: { cpu: "10m", memory: "16Mi" }, limits } };
        await scene.createPod(namespace, "all", ["serve"], { container });

        const { spec } = await scene.podOnce(namespace, "all", isRunning);
        expect(spec.containers[0]?.resources).to.deep.include({
          limits: { ...limits, "ephemeral-storage": "1Gi" },
        });
      });
    }

    it("run on the nodes of their pool, and others run beside it", async () => {
      await createAll(scene.api, [patchRequest(node, { ...pool, spec: { taints: [taint] } })]);
      await scene.bringUp("review-placed", { nodePool: { name: "review" } });
      await scene.bringUp("review-elsewhere");
      const names = ["one", "two", "three", "four"];
      const nodesIn = async (namespace: string) => {
        await Promise.all(names.map((name) => scene.createPod(namespace, name, ["serve"])));
        const wait = (name: string) => scene.podOnce(namespace, name, isRunning);
        return new Set((await Promise.all(names.map(wait))).map(({ spec }) => spec.nodeName));
      };

      expect(await nodesIn("review-placed")).to.deep.equal(new Set(["node-2"]));
      expect(await nodesIn("review-elsewhere")).to.deep.equal(new Set(["node-1"]));
      await createAll(scene.api, [patchRequest(node, { spec: { taints: null } })]);
    });

    it("have the priority of their class", async () => {
      const polite = { metadata: { name: "polite" }, value: -10, preemptionPolicy: "Never" };
      const classes = "/apis/scheduling.k8s.io/v1/priorityclasses";
      await createAll(scene.api, [postRequest(classes, polite)]);
      const namespace = "review-polite";
      await scene.bringUp(namespace, { priorityClass: "polite" });
      const spec = { priorityClassName: "polite" };
      await scene.createPod(namespace, "pod", ["serve"], { spec });

      const pod = await scene.podOnce(namespace, "pod", isRunning);
      expect(pod.spec.priority).to.equal(-10);
    });
  });

  describe("that is destroyed", () => {
    let program: ReviewProgram;

    before(() => {
      program = new ReviewProgram(scene.sandbox);
    });

    after(() => program.remove());

    it("end, also where they go on when told to end", async () => {
      const stack = "review-stubborn";
      await program.createStack(stack);
      const up = await program.up(stack);
      expect(up.exitCode, up.output).to.equal(0);
      await scene.createPod(stack, "willing", ["serve"]);
      const spec = { terminationGracePeriodSeconds: 5 };
      await scene.createPod(stack, "stubborn", ["serve", "--ignore-term"], { spec });
      await scene.podOnce(stack, "willing", isRunning);
      await scene.podOnce(stack, "stubborn", isRunning);
      const destroyed = program.destroy(stack);
      const isAlone = ([pod, ...others]: readonly RunningPod[]) =>
        pod?.metadata.name === "stubborn" && others.length === 0;
      await eventually(async () => isAlone(await scene.podsIn(stack)));

      const { exitCode, output } = await destroyed;
      expect(exitCode, output).to.equal(0);
      expect((await scene.api.request("GET", corePath({ namespace: stack }))).status).to.equal(404);
    });
  });
});
