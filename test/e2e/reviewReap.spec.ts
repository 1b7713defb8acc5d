import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { eventually } from "../support/eventually";
import { parsedAs } from "../support/reviewSchemas";
import { ApiGate } from "./support/review/apiGate";
import { CopiedEnvironments, deleteEnvironments } from "./support/review/copiedEnvironments";
import { ReviewCommand } from "./support/review/reviewCommand";
import { setScene } from "./support/scene";
import { compliantPod } from "./support/workloads";

const past = "2026-01-01T00:00:00Z";

interface Environment {
  readonly stack: string;
  readonly reason: string;
  readonly why: string;
}

interface Result {
  readonly due: readonly Environment[];
  readonly gone: readonly Environment[];
  readonly left: readonly Environment[];
  readonly failed: readonly Environment[];
  readonly kept: readonly Environment[];
}

describe("environments that nobody needs", function () {
  this.timeout(300_000);
  const scene = setScene();
  const folder = mkdtempSync(join(tmpdir(), "secure-environment-reap-"));
  const branches = join(folder, "branches.txt");
  let review: ReviewCommand;
  let gate: ApiGate;
  let env: NodeJS.ProcessEnv;
  let copies: CopiedEnvironments;

  before(async () => {
    const { body } = await scene.api.request("GET", "/api/v1/namespaces/kube-system");
    review = new ReviewCommand(scene.sandbox, {
      project: "shop",
      cluster: body.metadata.uid,
      leaseNamespace: "default",
      permanent: ["review-permanent"],
    });
    gate = await ApiGate.start(scene.sandbox.kubeconfig);
    env = { KUBECONFIG: gate.writeKubeconfig(join(folder, "kubeconfig.json")) };
    await review.succeed(["up", "standing"]);
    copies = await CopiedEnvironments.of(review, scene.api, "standing");
    await copies.write("expired", { expiresAt: past });
    await copies.write("expired-later", { expiresAt: "2026-01-02T00:00:00Z" });
    await copies.write("closed");
    await copies.write("open");
    await copies.write("kept", { expiresAt: past, labels: { "secure-environment/keep": "demo" } });
    const protect = { "secure-environment/protect": "true" };
    await copies.write("protected", { expiresAt: past, labels: protect });
    await copies.write("permanent", { expiresAt: past });
    await copies.write("orphan", { without: "namespace" });
    await copies.write("stateless", { expiresAt: past, without: "stack" });
    const labels = { "secure-environment/project": "blog" };
    await copies.write("elsewhere", { expiresAt: past, labels, without: "stack" });
    writeFileSync(branches, "standing\nopen\nexpired\n");
  });

  afterEach(() => {
    gate.open();
    gate.answerTo = () => undefined;
  });

  after(async () => {
    gate.close();
    rmSync(folder, { recursive: true });
    await deleteEnvironments(scene.sandbox.kubeconfig);
  });

  const reap = async (...args: readonly string[]): Promise<Result> =>
    parsedAs<Result>("reap", (await review.succeed(["reap", "--json", ...args], { env })).stdout);

  const stacksOf = (some: readonly Environment[]) =>
    some.map(({ stack, reason }) => `${stack} ${reason}`);

  const standing = async (): Promise<string[]> => {
    const { body } = await scene.api.request("GET", "/api/v1/namespaces");
    return body.items
      .map(({ metadata }: { metadata: { name: string } }) => metadata.name)
      .filter((name: string) => name.startsWith("review-"));
  };

  /** Ends with this code, says so, and has written nothing. */
  const refused = async (exitCode: number, words: string, ...args: readonly string[]) => {
    const before = await standing();
    gate.open();
    const run = await review.run(["reap", "--yes", ...args], { env: { ...env } });
    expect(run.exitCode, run.output).to.equal(exitCode);
    expect(run.stderr).to.contain(words);
    expect(run.stderr).not.to.match(/^\s+at /m);
    expect(gate.writes).to.equal(0);
    expect(await standing()).to.deep.equal(before);
  };

  it("are named with their reasons by a dry run, which writes nothing", async () => {
    gate.open();
    const { due, kept, gone } = await reap("--open-branches-from", `cat ${branches}`);
    expect(stacksOf(due)).to.have.members([
      "review-expired expired",
      "review-expired-later expired",
      "review-closed closed",
      "review-orphan orphan-stack",
    ]);
    expect(kept.map(({ stack }) => stack)).to.have.members([
      "review-kept",
      "review-protected",
      "review-permanent",
      "review-stateless",
    ]);
    expect(gone).to.deep.equal([]);
    expect(gate.writes).to.equal(0);
  });

  it("are told to people as well", async () => {
    const { stdout } = await review.succeed(["reap"], { env });
    expect(stdout).to.contain('expired       review-expired ("expired"): it expired at 2026-01-01');
    expect(stdout).to.match(/Nothing was removed: 3 would go, 0 are left, 4 kept\.\n--yes/);
  });

  it("are none by a list of branches that is none", async () => {
    writeFileSync(join(folder, "empty.txt"), "\n");
    await refused(10, "is empty", "--open-branches", join(folder, "empty.txt"));
    await refused(10, "ENOENT", "--open-branches", join(folder, "missing.txt"));
    await refused(10, "ended with 7", "--open-branches-from", `cat ${branches}; exit 7`);
    await refused(10, "none of the branches", "--open-branches-from", "echo x", "--at-most", "2");
  });

  it("are none where a page of a list fails", async () => {
    const { body } = await scene.api.request("GET", "/api/v1/namespaces");
    const first = { ...body, metadata: { continue: "next" } };
    const last = (url: string) => url.includes("continue=next");
    gate.answerTo = (_method, url) =>
      url.startsWith("/api/v1/namespaces?")
        ? last(url)
          ? { status: 500, body: { kind: "Status" } }
          : { status: 200, body: first }
        : undefined;
    await refused(1, "The list of namespaces could not be read", "--open-branches", branches);
  });

  it("are none where an empty list of namespaces has all stacks be orphans", async () => {
    gate.answerTo = (_method, url) =>
      url.startsWith("/api/v1/namespaces?")
        ? { status: 200, body: { kind: "NamespaceList", items: [] } }
        : undefined;
    await refused(10, "None of the stacks of the project", "--at-most", "5");
  });

  for (const [side, days] of [
    ["ahead of", 1],
    ["behind", -1],
  ] as const) {
    it(`are none by a clock that is a day ${side} the API server's`, async () => {
      const file = join(folder, "clock.cjs");
      writeFileSync(file, shiftedClock(days));
      env = { ...env, NODE_OPTIONS: `--require ${file}` };
      try {
        await refused(10, `s ${side} the API server's`);
      } finally {
        delete env.NODE_OPTIONS;
      }
    });
  }

  it("stay when a namespace has a label by now that keeps it", async () => {
    // Between the list and the last look.
    let isLabelled = false;
    gate.onWrite = async () => {
      if (!isLabelled) {
        isLabelled = true;
        await label("review-expired", { "secure-environment/keep": "now" });
      }
    };
    const { gone, left, failed } = await reap("--yes", "--at-most", "1");
    expect([gone, failed]).to.deep.equal([[], []]);
    expect(stacksOf(left)).to.include("review-expired expired");
    expect(await standing()).to.include("review-expired");
    await label("review-expired", { "secure-environment/keep": null });
  });

  it("go, and nothing else does", async () => {
    const before = await standing();
    const { gone, failed, left } = await reap("--yes", "--open-branches-from", `cat ${branches}`);
    expect([failed, left]).to.deep.equal([[], []]);
    expect(stacksOf(gone)).to.have.members([
      "review-expired expired",
      "review-expired-later expired",
      "review-closed closed",
      "review-orphan orphan-stack",
    ]);
    const goneNames = ["review-expired", "review-expired-later", "review-closed"];
    expect(await standing()).to.have.members(before.filter((name) => !goneNames.includes(name)));
    expect(review.filesOfBackend("stacks")).to.have.members(
      ["kept", "open", "permanent", "protected", "standing"].map((name) => `review-${name}.json`),
    );
    expect(review.filesOfBackend("locks")).to.deep.equal([]);
    expect((await reap("--yes")).due).to.deep.equal([]);
  });

  it("keep a label of an administrator through later runs", async () => {
    await label("review-standing", { "secure-environment/keep": "demo" });
    await review.succeed(["up", "standing", "--set", "owner=jane"], { env });
    const { body } = await scene.api.request("GET", "/api/v1/namespaces/review-standing");
    expect(body.metadata.labels).to.include({
      "secure-environment/keep": "demo",
      "secure-environment/owner": "jane",
    });
  });

  it("are what failed, where one fails, and the others go", async () => {
    await copies.write("broken", { expiresAt: past });
    await copies.write("whole", { expiresAt: past });
    gate.answerTo = (method, url) =>
      method === "DELETE" && url.includes("/namespaces/review-broken")
        ? { status: 403, body: { kind: "Status", status: "Failure", message: "no", code: 403 } }
        : undefined;
    const run = await review.run(["reap", "--yes", "--json"], { env });
    const { gone, failed } = parsedAs<Result>("reap", run.stdout);
    expect(stacksOf(gone)).to.deep.equal(["review-whole expired"]);
    expect(stacksOf(failed)).to.deep.equal(["review-broken expired"]);
    expect(run.exitCode).to.equal(1);
  });

  it("are idle without a run and a new pod, which a pod in another one is not", async () => {
    const updatedAt = past;
    await copies.write("idle", { updatedAt });
    await copies.write("used", { updatedAt });
    const pods = "/api/v1/namespaces/review-used/pods";
    await eventually(async () => {
      const { due } = await reap("--idle", "8s", "--at-most", "100");
      return stacksOf(due).includes("review-idle idle");
    });
    expect((await scene.api.request("POST", pods, compliantPod("new"))).status).to.equal(201);
    const { gone } = await reap("--idle", "8s", "--at-most", "100", "--yes");
    expect(stacksOf(gone)).to.include("review-idle idle").and.not.include("review-used idle");
    expect(await standing())
      .to.include("review-used")
      .and.not.include("review-idle");
  });

  async function label(namespace: string, labels: object): Promise<void> {
    const contentType = "application/merge-patch+json";
    const path = `/api/v1/namespaces/${namespace}`;
    const { status } = await scene.api.request(
      "PATCH",
      path,
      { metadata: { labels } },
      {
        contentType,
      },
    );
    expect(status).to.equal(200);
  }
});

/** A program that Node.js runs first, by which it is another day. */
function shiftedClock(days: number): string {
  return `const RealDate = Date;
const shift = ${days * 86_400_000};
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [RealDate.now() + shift] : args));
  }
  static now() {
    return RealDate.now() + shift;
  }
};
`;
}
