import { join } from "node:path";
import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { isRunning, type Workload } from "#review/sleep/workload";
import { ApiGate } from "./support/review/apiGate";
import { killedRun } from "./support/review/killedRun";
import { ReviewCommand } from "./support/review/reviewCommand";
import {
  cronJob,
  deploy,
  deployment,
  job,
  statefulSet,
  wallsOf,
  workloadsOf,
} from "./support/review/sleepers";
import { setScene } from "./support/scene";

const branch = "restless";
const namespace = "review-restless";

/**
 * How many writes each makes of four workloads: the token, the question whether it is taken, one for each
 * workload that sleeps, and two for each that wakes.
 */
const writes = { sleep: 6, wake: 10 } as const;

describe("a sleep or a wake that is killed while it writes", function () {
  this.timeout(300_000);
  const scene = setScene();
  let review: ReviewCommand;
  let gate: ApiGate;
  let api: KubernetesApi;
  let KUBECONFIG: string;
  let awake: Awaited<ReturnType<typeof workloadsOf>>;
  let walls: string;

  before(async () => {
    review = new ReviewCommand(scene.sandbox);
    gate = await ApiGate.start(scene.sandbox.kubeconfig);
    KUBECONFIG = gate.writeKubeconfig(join(review.backend, "kubeconfig.json"));
    await review.succeed(["up", branch]);
    await deploy(scene.api, namespace, [
      deployment("web", 3),
      statefulSet("database", 1),
      cronJob("nightly", false),
      job("migration", false),
    ]);
    awake = await workloadsOf(scene.api, namespace);
    walls = await wallsOf(scene.api, namespace);
  });

  // Between two tests a connection would be closed.
  beforeEach(() => {
    api = new KubernetesApi(scene.sandbox.kubeconfig);
  });

  afterEach("has its walls as they were", async () => {
    expect(await wallsOf(api, namespace)).to.equal(walls);
    api.close();
  });

  after(async () => {
    gate.close();
    await review.succeed(["destroy", branch]);
  });

  it("writes as often as is tried here, and again what a controller has changed meanwhile", async () => {
    for (const verb of ["sleep", "wake"] as const) {
      gate.open();
      await review.succeed([verb, branch], { env: { KUBECONFIG } });
      expect(gate.writes).to.be.within(writes[verb], 2 * writes[verb]);
    }
  });

  for (const next of ["sleep", "wake"] as const) {
    for (const write of upTo(writes.sleep)) {
      it(`at write ${write} of sleep, is followed by a ${next} as if nothing had been`, async () => {
        await killAt("sleep", write);
        await review.succeed([next, branch]);
        if (next === "sleep") {
          expect(await running()).to.deep.equal([]);
          await review.succeed(["wake", branch]);
        }
        expect(await workloadsOf(api, namespace)).to.deep.equal(awake);
      });
    }
  }

  for (const write of upTo(writes.wake)) {
    it(`at write ${write} of wake, is finished by the next`, async () => {
      await review.succeed(["sleep", branch]);
      await killAt("wake", write);
      await review.succeed(["wake", branch]);
      expect(await workloadsOf(api, namespace)).to.deep.equal(awake);
    });
  }

  it("ends in good order by a signal that may be minded", async () => {
    const kill = { write: 4, signal: "SIGTERM", target: "command" } as const;
    const ended = await killedRun(review, gate, KUBECONFIG, ["sleep", branch], kill);
    expect(ended.exitCode, ended.output).to.equal(8);
    expect(await running()).to.have.length(2);
    await review.succeed(["wake", branch]);
    expect(await workloadsOf(api, namespace)).to.deep.equal(awake);
  });

  async function killAt(verb: string, write: number): Promise<void> {
    const kill = { write, signal: "SIGKILL", target: "command" } as const;
    const killed = await killedRun(review, gate, KUBECONFIG, [verb, branch], kill);
    expect(killed.exitCode, killed.output).not.to.equal(0);
  }

  /** The workloads that have pods, or would start some. */
  async function running(): Promise<string[]> {
    const workloads = Object.entries(await workloadsOf(api, namespace));
    return workloads
      .filter(([name, { spec }]) => isRunning({ kind: kindOf(name), spec: spec as object }))
      .map(([name]) => name);
  }
});

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

const kinds: Readonly<Record<string, Workload["kind"]>> = {
  deployments: "Deployment",
  statefulsets: "StatefulSet",
  cronjobs: "CronJob",
  jobs: "Job",
};

function kindOf(name: string): Workload["kind"] {
  const kind = kinds[name.split("/")[0] ?? ""];
  if (kind === undefined) {
    throw new Error(`${name} is of no kind that sleeps`);
  }
  return kind;
}
