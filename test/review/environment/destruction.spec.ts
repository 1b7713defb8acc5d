import { expect } from "chai";
import { connectTo } from "#review/cluster/cluster";
import { requireDestroyable } from "#review/environment/destruction";
import { standingNamespaces } from "#review/environment/standing";
import { type Target } from "#review/environment/target";
import { ReviewError } from "#review/exitCodes";
import { type ReviewSettings } from "#review/settings/reviewSettings";
import { type Checkpoint } from "#review/state/checkpoint";
import { FakeApiServer } from "../../kubernetes/support/fakeApiServer";

const stack = "organization/shop/review-login";
const name = "review-shop-login";
const created = "2026-11-01T08:00:00Z";
const target = { stack: "review-login", labelledProject: "shop" } as Target;
const labelsOf = (project: string) => ({
  "secure-environment/kind": "review",
  "secure-environment/project": project,
  "secure-environment/stack": "review-login",
});

describe("the look at what a `destroy` would delete", () => {
  const { error } = console;
  let server: FakeApiServer;
  let told: string;

  beforeEach(async () => {
    server = await FakeApiServer.start();
    told = "";
    console.error = (line: string) => void (told += line);
  });

  afterEach(() => {
    console.error = error;
    server.stop();
  });

  it("has nothing against a namespace that is the stack's own, by one request", async () => {
    stands({ labels: labelsOf("shop"), uid: "u-1" });
    await look();
    expect(told).to.equal("");
    expect(server.requests.map(({ url }) => url)).to.deep.equal([`/api/v1/namespaces/${name}`]);
  });

  for (const [what, metadata, fault] of [
    ["of others", { labels: { team: "x" }, uid: "u-1" }, "is not this stack's: it names no stack"],
    [
      "of another project",
      { labels: labelsOf("blog"), uid: "u-1" },
      "the stack review-login of the project blog made it",
    ],
    [
      "made anew",
      { labels: labelsOf("shop"), uid: "u-2" },
      "was made anew: its uid is u-2, and the state of this stack has u-1",
    ],
    [
      "of others and being deleted",
      { uid: "u-2", deletionTimestamp: created },
      `is being deleted since ${created} and is not this stack's`,
    ],
  ] as const) {
    it(`refuses one that is ${what}`, async () => {
      stands(metadata);
      const message = await refusal(10);
      expect(message).to.contain(`Namespace ${name} exists since ${created}`);
      expect(message).to.contain(fault);
      expect(message).to.contain("Nothing was destroyed.");
    });
  }

  it("tells that its own is being deleted, and goes on: `destroy` waits for it", async () => {
    stands({ labels: labelsOf("shop"), uid: "u-1", deletionTimestamp: created });
    await look();
    expect(told).to.contain(`Namespace ${name} is this stack's and is being deleted since`);
  });

  it("tells that the namespace is gone, and goes on", async () => {
    await look();
    expect(told).to.equal(`Namespace ${name} is in the state, and not in the cluster.`);
  });

  for (const [status, exitCode] of [
    [403, 3],
    [404, 1],
    [500, 1],
  ] as const) {
    it(`fails where the cluster answers ${status} without saying whether it is there`, async () => {
      server.answer = { status, body: "<html>" };
      const message = await refusal(exitCode);
      expect(message).to.contain(`Namespace ${name} could not be read`);
    });
  }

  it("knows a namespace that names no stack by its uid alone", async () => {
    const plain = stateOf({ team: "x" });
    lists([]);
    stands({ labels: { team: "y" }, uid: "u-1" });
    await look(plain);
    stands({ labels: { team: "x" }, uid: "u-2" });
    await look(plain).then(
      () => expect.fail("It was taken for the stack's own."),
      (error: ReviewError) => expect(error.exitCode).to.equal(10),
    );
  });

  it("refuses to leave a namespace behind that names a stack whose state does not have it", async () => {
    lists([name]);
    const message = await refusal(10, { deployment: {} });
    expect(message).to.contain(`Namespace ${name} names the stack ${stack}, whose state does not`);
    expect(message).to.contain("`review up` takes it into the state");
  });

  it("has nothing against a stack that has no namespace, in the cluster either", async () => {
    lists([]);
    await look({ deployment: {} });
  });

  it("does not say so where it may not list namespaces", async () => {
    server.answer = { status: 403, body: { kind: "Status", reason: "Forbidden" } };
    const message = await refusal(3, { deployment: {} });
    expect(message).to.contain("The list of namespaces could not be read");
  });

  it("looks at all parts of a list", async () => {
    const selector = encodeURIComponent(
      "secure-environment/project=shop,secure-environment/stack=review-login",
    );
    const path = `/api/v1/namespaces?labelSelector=${selector}&limit=500`;
    const first = { kind: "NamespaceList", metadata: { continue: "a+b" } };
    server.answers = { [path]: { status: 200, body: first } };
    lists([name]);
    await refusal(10, { deployment: {} });
    expect(server.requests.map(({ url }) => url)).to.deep.equal([path, `${path}&continue=a%2Bb`]);
  });

  function look(checkpoint = stateOf(labelsOf("shop"))): Promise<void> {
    const settings: Partial<ReviewSettings> = {
      configuration: { "kubernetes:kubeconfig": server.kubeconfig() },
    };
    const cluster = connectTo(settings as ReviewSettings);
    return requireDestroyable(stack, checkpoint, cluster, () =>
      standingNamespaces(cluster, target),
    );
  }

  /** The message with which the look ends, by the first of the exit codes, or by the other. */
  async function refusal(code: number, checkpoint?: Checkpoint): Promise<string> {
    const failure = await look(checkpoint).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ReviewError);
    const { exitCode, message } = failure as ReviewError;
    expect(exitCode, message).to.equal(code);
    return message;
  }

  function stands(metadata: object): void {
    const body = {
      kind: "Namespace",
      metadata: { name, creationTimestamp: created, ...metadata },
    };
    server.answers = { ...server.answers, [`/api/v1/namespaces/${name}`]: { status: 200, body } };
  }

  /** What is found by labels. */
  function lists(names: readonly string[]): void {
    const items = names.map((one) => ({ metadata: { name: one } }));
    server.answer = { status: 200, body: { kind: "NamespaceList", items } };
  }
});

function stateOf(labels: Readonly<Record<string, string>>): Checkpoint {
  const type = "kubernetes:core/v1:Namespace";
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels, uid: "u-1" } };
  const urn = `urn:pulumi:review-login::shop::${type}::environment`;
  return { deployment: { resources: [{ urn, type, id: name, inputs: object, outputs: object }] } };
}
