import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { KubernetesApi } from "secure-environment-sandbox";
import { eventually } from "../support/eventually";
import { parsedAs } from "../support/reviewSchemas";
import { processesWith, processIdsWith } from "./support/processes";
import { ApiGate } from "./support/review/apiGate";
import { CopiedEnvironments, deleteEnvironments } from "./support/review/copiedEnvironments";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";

const past = "2026-01-01T00:00:00Z";
const marker = "SECURE_ENVIRONMENT_TEST_RUN";

interface Result {
  readonly due: readonly { readonly stack: string }[];
  readonly gone: readonly { readonly stack: string }[];
  readonly left: readonly { readonly stack: string; readonly because: string }[];
  readonly failed: readonly object[];
  readonly kept: readonly { readonly stack: string }[];
}

describe("many environments that nobody needs", function () {
  this.timeout(1_800_000);
  const scene = setScene();
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-reap-"));
  let review: ReviewCommand;
  let gate: ApiGate;
  let env: NodeJS.ProcessEnv;
  let copies: CopiedEnvironments;
  let api: KubernetesApi;

  before(async () => {
    const { body } = await scene.api.request("GET", "/api/v1/namespaces/kube-system");
    const cluster = body.metadata.uid as string;
    review = new ReviewCommand(scene.sandbox, {
      ...{ project: "shop", cluster, leaseNamespace: "default" },
    });
    gate = await ApiGate.start(scene.sandbox.kubeconfig);
    env = { KUBECONFIG: gate.writeKubeconfig(join(folder, "kubeconfig.json")) };
    await review.succeed(["up", "standing"]);
    copies = await CopiedEnvironments.of(review, scene.api, "standing");
  });

  // Between two tests a connection would be closed.
  beforeEach(() => {
    api = new KubernetesApi(scene.sandbox.kubeconfig);
  });

  afterEach(() => {
    api.close();
    gate.open();
    gate.onRequest = () => undefined;
  });

  after(async () => {
    gate.close();
    rmSync(folder, { recursive: true });
    await deleteEnvironments(scene.sandbox.kubeconfig);
  });

  const resultOf = (stdout: string): Result => parsedAs<Result>("reap", stdout);

  const reap = async (...args: readonly string[]): Promise<Result> =>
    resultOf((await review.succeed(["reap", "--json", ...args], { env })).stdout);

  const isStanding = async (name: string): Promise<boolean> =>
    (await api.request("GET", `/api/v1/namespaces/${name}`)).status === 200;

  it("are left to another run that is at work on their stack", async () => {
    await copies.write("locked", { expiresAt: past });
    const locks = join(review.backend, ".pulumi/locks/organization/shop/review-locked");
    mkdirSync(locks, { recursive: true });
    const timestamp = new Date().toISOString();
    const lock = { pid: 1, username: "joe", hostname: "elsewhere", timestamp };
    writeFileSync(join(locks, `${randomUUID()}.json`), JSON.stringify(lock));
    const { left } = await reap("--yes", "--at-most", "100");
    const [held] = left.filter(({ stack }) => stack === "review-locked");
    expect(held?.because).to.contain("Another run is at work on the stack: joe@elsewhere");
    expect(await isStanding("review-locked")).to.equal(true);
    rmSync(locks, { recursive: true });
    expect((await reap("--yes")).gone.map(({ stack }) => stack)).to.deep.equal(["review-locked"]);
  });

  it("are begun no more after a signal, and the Lease is given back", async () => {
    for (const name of ["a", "b", "c", "d", "last"]) {
      await copies.write(name, { expiresAt: past });
    }
    let command = 0;
    let isSignalled = false;
    gate.onWrite = () => {
      if (gate.writes > 1 && !isSignalled) {
        isSignalled = true;
        process.kill(command, "SIGTERM");
      }
    };
    const { exitCode, output } = await review.run(["reap", "--yes", "--json"], {
      env,
      onStart: (id) => (command = id),
    });
    expect(exitCode, output).to.equal(8);
    const path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/secure-environment-reap";
    expect((await api.request("GET", path)).body.spec.holderIdentity).to.equal("");
    expect(review.filesOfBackend("locks")).to.deep.equal([]);
    expect(await isStanding("review-last")).to.equal(true);
    await reapAllOf("last");
  });

  it("by SIGKILL at a write are gone after later runs, and no other is", async () => {
    let wasKilled = true;
    for (let write = 1; wasKilled; write++) {
      const name = `killed-${write}`;
      await copies.write(name, { expiresAt: past });
      wasKilled = await killAt(write);
      await reapAllOf(name);
      expect(await isStanding(`review-${name}`)).to.equal(false);
      expect(await isStanding("review-standing")).to.equal(true);
      expect(review.filesOfBackend("locks")).to.deep.equal([]);
    }
  });

  it("are asked for by as many requests as few are", async () => {
    const few = await requestsOf(() => reap());
    for (let index = 0; index < 300; index++) {
      const keep = { "secure-environment/keep": index % 3 === 1 ? "true" : "false" };
      const expiresAt = index % 3 === 2 ? "2999-01-01T00:00:00Z" : past;
      await copies.write(`many-${index}`, { expiresAt, labels: keep });
    }
    let result: Result | undefined;
    const many = await requestsOf(async () => (result = await reap("--at-most", "1000")));
    expect(result?.due).to.have.length(100);
    expect(result?.kept).to.have.length(100);
    expect(many).to.deep.equal(few);
  });

  it("go ten at a time, by two runs at once as well", async () => {
    const runs = await Promise.all(
      [1, 2].map(() => review.run(["reap", "--yes", "--json"], { env })),
    );
    expect(runs.map(({ exitCode, output }) => (exitCode === 0 ? 0 : output))).to.deep.equal([0, 0]);
    const results = runs.map(({ stdout }) => resultOf(stdout));
    const gone = results.flatMap((one) => one.gone.map(({ stack }) => stack));
    expect(gone).to.have.length(10);
    expect(new Set(gone).size).to.equal(10);
    expect(results.flatMap(({ failed }) => failed)).to.deep.equal([]);
    const { due, left, kept } = await reap();
    expect(due).to.have.length(10);
    expect(left).to.have.length(80);
    expect(kept).to.have.length(100);
    expect(await isStanding("review-standing")).to.equal(true);
  });

  /** What is being deleted is left alone until it is an orphan. */
  async function reapAllOf(name: string): Promise<void> {
    for (let runs = 0; runs < 30; runs++) {
      const { failed } = await reap("--yes");
      expect(failed).to.deep.equal([]);
      if (!review.filesOfBackend("stacks").includes(`review-${name}.json`)) {
        return;
      }
    }
    expect.fail(`${name} is there after many runs`);
  }

  /** The requests of a run to the API server, by path. */
  async function requestsOf(run: () => Promise<unknown>): Promise<readonly string[]> {
    const requests: string[] = [];
    gate.onRequest = (method, url) => requests.push(`${method} ${url.split("?")[0]}`);
    await run();
    gate.onRequest = () => undefined;
    return requests.sort();
  }

  /**
   * Ends the command and all that it has started at a write, which gets to the API server.
   *
   * @returns whether there was such a write.
   */
  async function killAt(write: number): Promise<boolean> {
    const run = randomUUID();
    gate.open();
    gate.onWrite = (count) => {
      if (count === write) {
        processIdsWith(marker, run).forEach((id) => process.kill(id, "SIGKILL"));
      }
    };
    const { exitCode, output } = await review.run(["reap", "--yes", "--json"], {
      env: { ...env, [marker]: run },
    });
    const wasKilled = gate.writes >= write;
    gate.open();
    expect(exitCode === 0, output).to.equal(!wasKilled);
    await eventually(() => processesWith(marker, run).length === 0);
    return wasKilled;
  }
});
