import { execFileSync } from "node:child_process";

import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { execInPod } from "../support/probePods";
import { skipWithoutNode } from "../support/skipWithoutNode";
import { corePath, createAll, groupPath, postRequest } from "./support/apiRequests";
import { NodeScene } from "./support/nodeScene";
import { PlatformCluster } from "./support/platformScene";
import { ReviewProgram } from "./support/reviewProgram";

const firstStart = 30 * 60_000;
const stack = "review-work";
const inside = "review-shop-work";
const outside = "production";
const volumesPath = "/api/v1/persistentvolumes";

type Kind = "deployments" | "statefulsets" | "daemonsets" | "jobs" | "cronjobs";

/** How many there are of each kind: fifty together. */
const counts: Readonly<Record<string, Readonly<Partial<Record<Kind, number>>>>> = {
  [inside]: { deployments: 8, statefulsets: 3, jobs: 5, cronjobs: 2 },
  [outside]: { deployments: 15, statefulsets: 5, daemonsets: 3, jobs: 5, cronjobs: 4 },
};

/** What the controllers say of a workload, as far as it is asked. */
interface Status {
  readonly readyReplicas?: number;
  readonly numberReady?: number;
  readonly succeeded?: number;
  readonly lastSuccessfulTime?: string;
}

const isDone: Readonly<Record<Kind, (status: Status) => boolean>> = {
  deployments: ({ readyReplicas }) => readyReplicas === 1,
  statefulsets: ({ readyReplicas }) => readyReplicas === 1,
  daemonsets: ({ numberReady }) => numberReady === 2,
  jobs: ({ succeeded }) => succeeded === 1,
  cronjobs: ({ lastSuccessfulTime }) => lastSuccessfulTime !== undefined,
};

describe("ordinary workloads on a cluster with the platform", function () {
  this.timeout(300_000);
  let cluster: PlatformCluster;
  let nodes: NodeScene;
  let program: ReviewProgram;
  let deployer: KubernetesApi;

  before("start two nodes and bring an environment up", async function () {
    this.timeout(firstStart);
    await skipWithoutNode(this);
    cluster = await PlatformCluster.start({ nodes: 2 });
    nodes = new NodeScene(cluster.sandbox);
    await cluster.install({ projects: [{ name: "shop" }] });
    program = new ReviewProgram(cluster.sandbox);
    await program.createStack(stack, { project: "shop", platform: "true" });
    await asPipeline("up", "--skip-preview");
    deployer = new KubernetesApi(
      await cluster.sandbox.serviceAccountKubeconfig(inside, "deployer"),
    );
    const metadata = { name: outside };
    await createAll(cluster.api, [postRequest("/api/v1/namespaces", { metadata })]);
  });

  after(async () => {
    deployer?.close();
    program?.remove();
    nodes?.api.close();
    await cluster?.end();
  });

  for (const [namespace, kinds] of Object.entries(counts)) {
    it(`all run and end in ${namespace}`, async () => {
      const api = namespace === inside ? deployer : cluster.api;
      const wanted = Object.entries(kinds) as [Kind, number][];
      for (const [kind, count] of wanted) {
        const names = Array.from({ length: count }, (_, index) => `${kind}-${index}`);
        const requests = names.map((name) => creation(namespace, kind, name));
        await createAll(api, requests);
      }
      // Jobs of a CronJob come with the next minute.
      for (const [kind, count] of wanted) {
        await eventually(async () => (await doneOf(namespace, kind)) === count).catch(() => 0);
      }

      const found = wanted.map(async ([kind]) => [kind, await doneOf(namespace, kind)]);
      expect(Object.fromEntries(await Promise.all(found))).to.deep.equal(kinds);
    });
  }

  it("have a cluster in which no part was refused", async () => {
    const { body } = await cluster.api.request("GET", corePath({ namespace: inside }, "events"));
    const events = body.items as { reason: string; message: string }[];
    const failures = events.filter(({ reason }) => reason.startsWith("Failed"));

    expect(failures.map(({ message }) => message)).to.deep.equal([]);
  });

  describe("with a volume of a node", () => {
    const claim = `${corePath({ namespace: inside }, "persistentvolumeclaims")}/data-keeper-0`;
    const pod = `${corePath({ namespace: inside }, "pods")}/keeper-0`;
    const file = "/data/burnt";

    before("set two volumes aside, and a class without a provisioner", async () => {
      const storageClass = {
        metadata: { name: "local" },
        provisioner: "kubernetes.io/no-provisioner",
        volumeBindingMode: "WaitForFirstConsumer",
      };
      const classes = "/apis/storage.k8s.io/v1/storageclasses";
      const volumes = cluster.sandbox.nodes.map((node) => {
        runOn(node, "mkdir", "-p", "/run/volumes/one");
        return postRequest(volumesPath, volumeOf(node));
      });
      await createAll(cluster.api, [postRequest(classes, storageClass), ...volumes]);
    });

    it("a StatefulSet runs", async () => {
      const spec = keeperSpec("keeper", "1Gi");
      const path = pathOf(inside, "statefulsets");
      await createAll(deployer, [postRequest(path, { metadata: { name: "keeper" }, spec })]);
      await untilReady();

      const { body } = await deployer.request("GET", claim);
      expect([body.status.phase, body.spec.volumeName.replace(/\d$/, "")]).to.deep.equal([
        "Bound",
        "volume-node-",
      ]);
    });

    it("has its data still when its pod was deleted", async () => {
      expect(await inPod("read", file)).to.include({ found: false });
      await inPod("burn", "--disk", "1", "--folder", "/data");
      const { uid } = (await deployer.request("GET", pod)).body.metadata;

      await deployer.request("DELETE", pod);
      await eventually(async () => {
        const { status, body } = await deployer.request("GET", pod);
        return status === 200 && body.metadata.uid !== uid;
      });
      await untilReady();

      expect(await inPod("read", file)).to.include({ found: true, size: 1024 * 1024 });
    });

    it("takes no more than the environment may have, nor a volume that is named", async () => {
      const claims = corePath({ namespace: inside }, "persistentvolumeclaims");
      const { spec } = keeperSpec("", "100Gi").volumeClaimTemplates[0] ?? {};
      const named = { ...keeperSpec("", "1Gi").volumeClaimTemplates[0]?.spec, volumeName: "any" };
      const large = await deployer.request("POST", claims, { metadata: { name: "large" }, spec });
      const body = { metadata: { name: "named" }, spec: named };
      const chosen = await deployer.request("POST", claims, body);

      expect([large.status, chosen.status]).to.deep.equal([403, 403]);
      expect(JSON.stringify(large.body)).to.contain("maximum storage usage");
      expect(JSON.stringify(chosen.body)).to.contain("they get a new one");
    });

    it("ends with its claim when its environment is destroyed, and no other gets what is on it", async () => {
      const { volumeName } = (await deployer.request("GET", claim)).body.spec;

      await asPipeline("destroy", "--remove", "-f");

      const volume = `${volumesPath}/${volumeName}`;
      const phase = async () => (await cluster.api.request("GET", volume)).body.status.phase;
      await eventually(async () => (await phase()) === "Released");
      expect((await cluster.api.request("GET", claim)).status).to.equal(404);
    });

    function keeperSpec(name: string, storage: string) {
      const container = { volumeMounts: [{ name: "data", mountPath: "/data" }] };
      const template = { metadata: { labels: { app: name } }, spec: podSpec(container) };
      const selector = { matchLabels: { app: name } };
      const resources = { requests: { storage } };
      const accessModes = ["ReadWriteOnce"];
      const spec = { accessModes, storageClassName: "local", resources };
      const volumeClaimTemplates = [{ metadata: { name: "data" }, spec }];
      return { serviceName: name, selector, template, volumeClaimTemplates };
    }

    /** The volume belongs to root, and lets in the group of the pod. */
    function podSpec(container: object): object {
      const plain = nodes.podSpec(["serve"], { container });
      return { ...plain, securityContext: { ...plain.securityContext, fsGroup: 2000 } };
    }

    async function untilReady(): Promise<void> {
      const path = `${pathOf(inside, "statefulsets")}/keeper`;
      const ready = async () => (await deployer.request("GET", path)).body.status.readyReplicas;
      await eventually(async () => (await ready()) === 1);
    }

    async function inPod(...command: string[]): Promise<object> {
      const { kubeconfig } = cluster.sandbox;
      const said = await execInPod(kubeconfig, inside, "keeper-0", ["/probe", ...command]);
      return JSON.parse(said) as object;
    }
  });

  function runOn(node: string, ...command: string[]): void {
    const [program = "", ...rest] = [...cluster.sandbox.enter(node), ...command];
    execFileSync(program, rest);
  }

  function volumeOf(node: string): object {
    const onNode = { key: "kubernetes.io/hostname", operator: "In", values: [node] };
    return {
      metadata: { name: `volume-${node}` },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        storageClassName: "local",
        local: { path: "/run/volumes/one" },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [onNode] }] } },
      },
    };
  }

  async function asPipeline(command: string, ...options: string[]): Promise<void> {
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    const KUBECONFIG = await cluster.sandbox.serviceAccountKubeconfig(...account);
    const env = { KUBECONFIG };
    await program.succeed([command, "--stack", stack, "--yes", ...options], { env });
  }

  function pathOf(namespace: string, kind: Kind): string {
    const group = kind === "jobs" || kind === "cronjobs" ? "batch" : "apps";
    return groupPath({ namespace }, group, kind);
  }

  async function doneOf(namespace: string, kind: Kind): Promise<number> {
    const { body } = await cluster.api.request<{ items: { status: Status; metadata: object }[] }>(
      "GET",
      pathOf(namespace, kind),
    );
    // The jobs of a CronJob are counted with it.
    const own = body.items.filter(({ metadata }) => !("ownerReferences" in metadata));
    return own.filter(({ status }) => isDone[kind](status)).length;
  }

  function creation(namespace: string, kind: Kind, name: string) {
    return postRequest(pathOf(namespace, kind), { metadata: { name }, spec: specOf(kind, name) });
  }

  function specOf(kind: Kind, name: string): object {
    const labels = { app: name };
    const template = { metadata: { labels }, spec: nodes.podSpec(["serve"]) };
    const once = { restartPolicy: "Never" };
    const job = { template: { spec: nodes.podSpec(["burn"], { spec: once }) } };
    const spec = { selector: { matchLabels: labels }, template };
    switch (kind) {
      case "jobs":
        return job;
      case "cronjobs":
        return { schedule: "* * * * *", jobTemplate: { spec: job } };
      case "statefulsets":
        return { ...spec, serviceName: name };
      case "deployments":
      case "daemonsets":
        return spec;
    }
  }
});
