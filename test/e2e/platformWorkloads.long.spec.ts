import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { skipWithoutNode } from "../support/skipWithoutNode";
import { corePath, createAll, groupPath, postRequest } from "./support/apiRequests";
import { NodeScene } from "./support/nodeScene";
import { PlatformCluster } from "./support/platformScene";
import { ReviewProgram } from "./support/reviewProgram";

const firstStart = 30 * 60_000;
const stack = "review-work";
const inside = "review-shop-work";
const outside = "production";

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
    const account = ["secure-environment-pipeline-shop", "pipeline"] as const;
    const KUBECONFIG = await cluster.sandbox.serviceAccountKubeconfig(...account);
    await program.succeed(["up", "--stack", stack, "--yes", "--skip-preview"], {
      env: { KUBECONFIG },
    });
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
