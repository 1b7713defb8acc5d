import { expect } from "chai";
import { type ExpectedNamespace, expectedNamespaces, namespaceProblem } from "#cluster/namespace";

const project = "secure-environment/project";
const stack = "secure-environment/stack";
const labels = { [project]: "shop", [stack]: "review-login" };
const wanted = { name: "review-login", labels, uid: "u-1", isInState: true };

describe("the namespace that a program is about to make", () => {
  it("is free where the API server knows none", () => {
    const body = { kind: "Status", reason: "NotFound", code: 404 };
    expect(namespaceProblem(wanted, { status: 404, body })).to.equal(undefined);
  });

  it("is the stack's own where it names its project and stack, whatever else it says", () => {
    expect(faultOf({ labels: { ...labels, owner: "jane" } })).to.equal(undefined);
  });

  for (const [whose, foundLabels, owner] of [
    [
      "of another stack",
      { ...labels, [stack]: "review-x" },
      "the stack review-x of the project shop",
    ],
    [
      "of another project",
      { ...labels, [project]: "x" },
      "the stack review-login of the project x",
    ],
    ["of nobody", undefined, "it names no stack that made it"],
    ["of a project without a stack", { [project]: "shop" }, "it names no stack that made it"],
  ] as const) {
    it(`is refused where it is ${whose}, which is said`, () => {
      const fault = faultOf({ labels: foundLabels, creationTimestamp: "2026-11-01T08:00:00Z" });
      expect(fault).to.match(/^exists since 2026-11-01T08:00:00Z and is not this stack's: /);
      expect(fault).to.contain(owner);
    });
  }

  it("is refused where it is somebody else's and terminates, and both is said", () => {
    const fault = faultOf({ deletionTimestamp: "2026-11-01T08:00:00Z" });
    expect(fault).to.contain("is being deleted since 2026-11-01T08:00:00Z and is not this stack's");
  });

  it("is refused while it terminates, with the moment and with what holds it", () => {
    const metadata = { labels, deletionTimestamp: "2026-11-01T08:00:00Z" };
    const message =
      "Some content in the namespace has finalizers remaining: example.com/x in 1 pods";
    const conditions = [
      { type: "NamespaceDeletionDiscoveryFailure", status: "False", message: "all discovered" },
      { type: "NamespaceFinalizersRemaining", status: "True", message },
    ];
    const problem = problemOf(metadata, { phase: "Terminating", conditions });
    expect(problem?.fault).to.equal(
      "is this stack's and is being deleted since 2026-11-01T08:00:00Z, " +
        `held by NamespaceFinalizersRemaining: ${message}`,
    );
    expect(problem?.remedy).to.contain("uniqueSuffix: true");
    expect(problem?.remedy).to.contain("replaceNamespace: review-login");
    expect(problemOf(metadata)?.fault).to.contain("nothing is known to hold it");
  });

  it("may terminate where the run makes another one in its place", () => {
    const metadata = { labels, deletionTimestamp: "2026-11-01T08:00:00Z" };
    expect(problemOf(metadata, {}, { ...wanted, isReplaced: true })).to.equal(undefined);
    expect(problemOf({}, {}, { ...wanted, isReplaced: true })?.fault).to.contain(
      "not this stack's",
    );
  });

  it("is refused where it was made anew under its name and labels, with both uids", () => {
    const problem = problemOf({ labels, uid: "u-2", creationTimestamp: "2026-11-01T08:00:00Z" });
    expect(problem?.fault).to.equal(
      "exists since 2026-11-01T08:00:00Z and was made anew: its uid is u-2, and the state of this stack has u-1",
    );
    expect(problem?.remedy).to.contain("`pulumi refresh`");
  });

  it("is refused where it was made anew and terminates, as it is not what the state has", () => {
    const problem = problemOf({ labels, uid: "u-2", deletionTimestamp: "2026-11-01T08:00:00Z" });
    expect(problem?.fault).to.match(/is being deleted since .* and was made anew/);
  });

  it("is refused where it names the stack and the state does not have it", () => {
    const problem = problemOf({ labels }, {}, { name: wanted.name, labels, isInState: false });
    expect(problem?.fault).to.contain("names this stack, whose state does not have it");
    expect(problem?.remedy).to.contain("`review up`");
  });

  it("is believed where the state has it and does not know its uid", () => {
    const found = { labels, uid: "u-2" };
    const expected = { name: wanted.name, labels, isInState: true };
    expect(problemOf(found, {}, expected)).to.equal(undefined);
  });

  for (const [what, status, body, remedy] of [
    ["may not be read", 403, refusal('User "ci" cannot get resource "namespaces"'), "verb `get`"],
    ["is asked for without credentials", 401, refusal("Unauthorized"), "Renew them"],
    ["is not found by something that is no API server", 404, "<html>", "no API server"],
    ["cannot be told by a busy API server", 429, refusal("too many requests"), "Try again"],
    ["cannot be told by a broken API server", 500, refusal("etcd is down"), "Try again"],
    [
      "is answered for by something else",
      200,
      { kind: "Namespace", metadata: { name: "x" } },
      "Try again",
    ],
    ["is answered for by a page", 200, "<html>", "Try again"],
    ["is answered for by nothing", 200, null, "Try again"],
  ] as const) {
    it(`is refused where it ${what}: whether it is free is then unknown`, () => {
      const problem = namespaceProblem(wanted, { status, body });
      expect(problem?.fault).to.match(
        new RegExp(`^could not be looked at, HTTP status ${status}: `),
      );
      expect(problem?.remedy).to.contain(remedy);
    });
  }
});

describe("the namespaces that a run looks at", () => {
  const standing = { name: "review-login", labels, uid: "u-1" };

  it("is the one that it will make, once", () => {
    const expected = expectedNamespaces({ name: "review-login", hasSuffix: false, labels }, []);
    expect(expected).to.deep.equal([{ name: "review-login", labels, isInState: false }]);
  });

  it("is the one that the state has, with what the state knows of it", () => {
    const run = { name: "review-login", hasSuffix: false, labels };
    expect(expectedNamespaces(run, [standing])).to.deep.equal([
      { ...standing, isInState: true, isReplaced: false },
    ]);
  });

  it("is none where the name will be a new one, and the one with the suffix from then on", () => {
    const run = { name: "review-login", hasSuffix: true, labels };
    expect(expectedNamespaces(run, [])).to.deep.equal([]);
    const suffixed = { ...standing, name: "review-login-a1b2c3" };
    expect(expectedNamespaces(run, [suffixed])).to.deep.equal([
      { ...suffixed, isInState: true, isReplaced: false },
    ]);
  });

  it("are both where one is replaced", () => {
    const run = { name: "review-blog-login", hasSuffix: false, labels };
    expect(expectedNamespaces(run, [standing])).to.deep.equal([
      { ...standing, isInState: true, isReplaced: true },
      { name: "review-blog-login", labels, isInState: false },
    ]);
  });
});

function problemOf(metadata: object, status?: object, expected: ExpectedNamespace = wanted) {
  const found = { name: expected.name, uid: "u-1", ...metadata };
  const body = { kind: "Namespace", metadata: found, status };
  return namespaceProblem(expected, { status: 200, body });
}

function faultOf(metadata: object): string | undefined {
  return problemOf(metadata)?.fault;
}

function refusal(message: string): object {
  return { kind: "Status", message };
}
