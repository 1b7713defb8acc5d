import { expect } from "chai";
import { type KubernetesApi } from "secure-environment-kubernetes";
import { carryOut } from "#review/sleep/carryOut";
import { memoryFault } from "#review/sleep/memory";
import { hasFailed, sleepOutcomes, wakeOutcomes } from "#review/sleep/outcomes";
import { sleepStep, wakeStep } from "#review/sleep/steps";
import { isRunning, type Workload } from "#review/sleep/workload";
import { patched, workloadOf } from "./support/workloads";

const nothing = { workloads: [], replicaSets: [], pods: [], autoscalers: [] };

/** The workloads of one namespace, each by its path, with the rules of an API server for their versions. */
class FakeWorkloads {
  readonly found = new Map<string, Workload>();
  /** Is asked before each patch; an answer that it gives is the API server's. */
  onPatch: (path: string) => { status: number; body: unknown } | undefined = () => undefined;
  patches = 0;

  constructor(...workloads: readonly Workload[]) {
    workloads.forEach((workload) => this.add(workload));
  }

  add(workload: Workload): void {
    this.found.set(pathOf(workload), workload);
  }

  get(kind: Workload["kind"]): Workload | undefined {
    return this.found.get(pathOf(workloadOf(kind, {})));
  }

  get api(): KubernetesApi {
    const request = (method: string, path: string, patch?: { metadata: object }) =>
      Promise.resolve(method === "PATCH" ? this.patch(path, patch) : this.read(path));
    return { request } as unknown as KubernetesApi;
  }

  private read(path: string) {
    const one = this.found.get(path);
    const items = [...this.found].filter(([each]) => each.startsWith(`${path}/`));
    return path.endsWith("s")
      ? { status: 200, body: { kind: "List", items: items.map(([, item]) => item) } }
      : { status: one === undefined ? 404 : 200, body: one };
  }

  private patch(path: string, patch: object = {}) {
    this.patches++;
    const refused = this.onPatch(path);
    const current = this.found.get(path);
    if (refused !== undefined || current === undefined) {
      return refused ?? { status: 404, body: {} };
    }
    const { metadata } = patch as Workload;
    if (metadata?.resourceVersion !== current.metadata?.resourceVersion) {
      return { status: 409, body: {} };
    }
    const body = patched(current, patch);
    this.found.set(path, body);
    return { status: 200, body };
  }
}

describe("steps that are carried out", () => {
  const every = () => [
    workloadOf("Deployment", { replicas: 3 }),
    workloadOf("StatefulSet", { replicas: 1 }),
    workloadOf("CronJob", { suspend: false }),
    workloadOf("Job", { suspend: false }),
  ];

  it("put everything to sleep, each by one request, and tell what it was", async () => {
    const cluster = new FakeWorkloads(...every());
    const outcomes = await slept(cluster);
    expect(cluster.patches).to.equal(4);
    expect(outcomes).to.deep.equal([
      { kind: "CronJob", name: "a-cronjob", outcome: "slept" },
      { kind: "Job", name: "a-job", outcome: "slept" },
      { kind: "Deployment", name: "a-deployment", outcome: "slept", replicas: 3 },
      { kind: "StatefulSet", name: "a-statefulset", outcome: "slept", replicas: 1 },
    ]);
    const again = await slept(cluster);
    expect(cluster.patches).to.equal(4);
    expect(new Set(again.map(({ outcome }) => outcome))).to.deep.equal(new Set(["asleep"]));
    expect(again.at(-1)).to.include({ replicas: 1 });
  });

  it("wake everything, and find nothing to wake then", async () => {
    const cluster = new FakeWorkloads(...every());
    await slept(cluster);
    const outcomes = await woken(cluster);
    expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(Array(4).fill("woken"));
    expect(outcomes.map(({ replicas }) => replicas)).to.deep.equal([undefined, undefined, 3, 1]);
    expect([...cluster.found.values()].map(({ spec }) => spec)).to.deep.equal(
      every().map(({ spec }) => spec),
    );
    expect(await woken(cluster)).to.deep.equal([]);
  });

  it("end as without an interruption when it was at any request", async () => {
    for (const [verb, requests] of [
      ["sleep", 4],
      ["wake", 8],
    ] as const) {
      for (let request = 1; request <= requests; request++) {
        const cluster = new FakeWorkloads(...every());
        await (verb === "wake" ? slept(cluster) : undefined);
        cluster.patches = 0;
        cluster.onPatch = () => {
          if (cluster.patches === request) {
            throw new Error("killed");
          }
          return undefined;
        };
        const end = verb === "sleep" ? slept : woken;
        expect(await end(cluster).catch(() => "killed")).to.equal("killed");
        cluster.onPatch = () => undefined;
        await end(cluster);
        const workloads = [...cluster.found.values()];
        expect(workloads.some(isRunning)).to.equal(verb === "wake");
        await woken(cluster);
        expect([...cluster.found.values()].map(({ spec }) => spec)).to.deep.equal(
          every().map(({ spec }) => spec),
        );
      }
    }
  });

  it("look again when somebody was faster", async () => {
    const cluster = new FakeWorkloads(workloadOf("Deployment", { replicas: 3 }));
    cluster.onPatch = () => {
      if (cluster.patches === 1) {
        scale(cluster, 5);
      }
      return undefined;
    };
    await slept(cluster);
    expect(cluster.get("Deployment")?.metadata?.annotations).to.deep.equal({
      "secure-environment/replicas-before-sleep": "5",
    });
  });

  it("tell nothing of what is gone meanwhile", async () => {
    const cluster = new FakeWorkloads(workloadOf("Job", { suspend: false }));
    cluster.onPatch = (path) => {
      cluster.found.delete(path);
      return undefined;
    };
    expect(await slept(cluster)).to.deep.equal([]);
  });

  it("put to sleep what came to be meanwhile", async () => {
    const cluster = new FakeWorkloads(workloadOf("CronJob", { suspend: false }));
    cluster.onPatch = () => {
      if (cluster.patches === 1) {
        cluster.add(workloadOf("Job", { suspend: false }));
      }
      return undefined;
    };
    const outcomes = await slept(cluster);
    expect(outcomes.map(({ kind }) => kind)).to.deep.equal(["CronJob", "Job"]);
  });

  it("go on after a refusal, and tell all of them", async () => {
    const cluster = new FakeWorkloads(...every());
    cluster.onPatch = (path) =>
      path.includes("jobs") ? { status: 422, body: { message: "not on a Sunday" } } : undefined;
    const outcomes = await slept(cluster);
    expect(hasFailed(outcomes)).to.equal(true);
    const failed = outcomes.filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ kind }) => kind)).to.deep.equal(["CronJob", "Job"]);
    expect(failed[0]?.reason).to.contain("422").and.contain("not on a Sunday");
    expect(outcomes.filter(({ outcome }) => outcome === "slept")).to.have.length(2);
  });

  it("tell what woke and could not forget once, as it is to be tried again", async () => {
    const cluster = new FakeWorkloads(workloadOf("Deployment", { replicas: 3 }));
    await slept(cluster);
    cluster.patches = 0;
    cluster.onPatch = () =>
      cluster.patches === 2 ? { status: 500, body: { message: "etcd is gone" } } : undefined;
    const outcomes = await woken(cluster);
    expect(outcomes.map(({ outcome }) => outcome)).to.deep.equal(["failed"]);
    cluster.onPatch = () => undefined;
    expect((await woken(cluster)).map(({ outcome }) => outcome)).to.deep.equal(["awake"]);
  });

  it("give up what is changed back each time, and say so", async () => {
    const cluster = new FakeWorkloads(workloadOf("Deployment", { replicas: 3 }));
    cluster.onPatch = () => {
      scale(cluster, 3);
      return undefined;
    };
    const outcomes = await slept(cluster);
    expect(outcomes).to.have.length(1);
    expect(outcomes[0]).to.include({ outcome: "failed" });
    expect(outcomes[0]?.reason).to.contain("others change it").and.contain("Argo CD");
  });

  it("leave what runs already as it is, and say so", async () => {
    const cluster = new FakeWorkloads(workloadOf("Deployment", { replicas: 3 }));
    await slept(cluster);
    scale(cluster, 2);
    expect(await woken(cluster)).to.deep.equal([
      {
        kind: "Deployment",
        name: "a-deployment",
        outcome: "awake",
        replicas: 2,
        reason: "it runs already, and stays as it is",
      },
    ]);
  });

  it("fail to wake what remembers nothing that can be", async () => {
    const asleep = patched(workloadOf("Deployment", { replicas: 0 }), {
      metadata: { annotations: { "secure-environment/replicas-before-sleep": "many" } },
    });
    const cluster = new FakeWorkloads(asleep);
    const outcomes = await woken(cluster);
    expect(hasFailed(outcomes)).to.equal(true);
    expect(outcomes[0]?.reason).to.equal(memoryFault(asleep));
    expect(cluster.patches).to.equal(0);
  });
});

async function slept({ api }: FakeWorkloads) {
  return sleepOutcomes(await carryOut(api, "review-a", sleepStep, () => undefined), nothing);
}

async function woken({ api }: FakeWorkloads) {
  return wakeOutcomes(await carryOut(api, "review-a", wakeStep, () => undefined));
}

function scale(cluster: FakeWorkloads, replicas: number): void {
  const deployment = cluster.get("Deployment");
  if (deployment !== undefined) {
    cluster.add(patched(deployment, { spec: { replicas } }));
  }
}

function pathOf({ kind, metadata }: Workload): string {
  const group = kind.endsWith("Job") ? "batch" : "apps";
  return `/apis/${group}/v1/namespaces/review-a/${kind.toLowerCase()}s/${metadata?.name}`;
}
