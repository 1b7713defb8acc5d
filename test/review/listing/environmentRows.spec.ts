import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { type FoundQuota } from "#review/cluster/quotas";
import {
  environmentRows,
  environmentStates,
  type Scope,
  type Seen,
} from "#review/listing/environmentRows";
import { stacksIn } from "#review/listing/listedStacks";

const now = "2027-01-02T00:00:00Z";
const scope: Scope = {
  organization: "organization",
  pulumiProject: "shop",
  labelledProject: "shop",
  all: false,
};
const everything: Scope = { ...scope, all: true };

describe("environments of a cluster and a backend", () => {
  it("are joined by project and stack", () => {
    const namespace = namespaceOf("shop", "review-a", {
      annotations: {
        "secure-environment/branch": "feature/a",
        "secure-environment/expires-at": "2027-01-03T00:00:00Z",
        "secure-environment/url": "https://a.example.com",
      },
    });
    const quotas: FoundQuota[] = [
      {
        metadata: { namespace: "review-shop-a" },
        status: { hard: { pods: "20", "requests.cpu": "4" }, used: { pods: "3" } },
      },
      { metadata: { namespace: "elsewhere" }, status: { hard: { pods: "1" } } },
    ];
    expect(
      rows({ namespaces: [namespace], stacks: stacks("shop/review-a"), quotas }),
    ).to.deep.equal([
      {
        state: "up",
        kind: "review",
        project: "shop",
        stack: "review-a",
        fullStack: "organization/shop/review-a",
        namespace: "review-shop-a",
        branch: "feature/a",
        owner: "jane",
        url: "https://a.example.com",
        createdAt: "2027-01-01T00:00:00Z",
        expiresAt: "2027-01-03T00:00:00Z",
        quota: { pods: { used: "3", hard: "20" }, "requests.cpu": { used: "0", hard: "4" } },
      },
    ]);
  });

  it("are joined where the namespaces of the project name another one", () => {
    const labelled = { ...scope, labelledProject: "store" };
    const seen = {
      namespaces: [namespaceOf("store", "review-a")],
      stacks: stacks("shop/review-a"),
    };
    expect(statesOf(rows(seen, labelled))).to.deep.equal(["review-a up"]);
    expect(statesOf(rows(seen, { ...labelled, all: true }))).to.deep.equal(["review-a up"]);
  });

  it("have no quota where none was seen", () => {
    const seen = { namespaces: [namespaceOf("shop", "review-a")], stacks: stacks("shop/review-a") };
    expect(rows({ ...seen, quotas: undefined })[0]).not.to.have.property("quota");
  });

  it("are orphans without their stack, and without their namespace", () => {
    const seen = { namespaces: [namespaceOf("shop", "review-a")], stacks: stacks("shop/review-b") };
    const [namespace, stack, ...others] = rows(seen);
    expect(others).to.deep.equal([]);
    expect(namespace).to.include({ state: "orphan-namespace", namespace: "review-shop-a" });
    expect(namespace?.fault).to.contain("no stack in this backend has it");
    expect(stack).to.include({ state: "orphan-stack", fullStack: "organization/shop/review-b" });
    expect(stack?.fault).to.contain("its namespace is gone. Destroy the stack");
    expect(stack).not.to.have.property("namespace");
  });

  it("are none where the platform rehearses, unless another namespace only says so", () => {
    const rehearsal = namespaceOf("shop", "review--rehearsal");
    const disguised = { metadata: { ...rehearsal.metadata, name: "review-shop-a" } };
    const seen = { namespaces: [rehearsal, disguised], stacks: [] };
    expect(rows(seen).map(({ namespace }) => namespace)).to.deep.equal(["review-shop-a"]);
  });

  it("are no orphans of a stack that has made nothing, or is being made", () => {
    const listed = JSON.stringify([
      { name: "organization/shop/review-a", updateInProgress: true },
      { name: "organization/shop/review-b", updateInProgress: false, resourceCount: 0 },
    ]);
    const [empty, busy] = rows({ namespaces: [], stacks: stacksIn(listed) });
    expect(busy).to.include({ state: "busy" }).and.not.to.have.property("fault");
    expect(empty?.fault).to.contain("it has made nothing yet");
  });

  it("are being deleted, and stuck after ten minutes with what holds them", () => {
    const deleted = (deletionTimestamp: string) =>
      rows({
        namespaces: [
          {
            ...namespaceOf("shop", "review-a", { deletionTimestamp }),
            status: {
              conditions: [
                { type: "NamespaceFinalizersRemaining", status: "True", message: "acme.io/wait" },
              ],
            },
          },
        ],
        stacks: stacks("shop/review-a"),
      })[0];
    expect(deleted("2027-01-01T23:50:01Z")).to.include({ state: "deleting" });
    expect(deleted("2027-01-01T23:50:01Z")).not.to.have.property("fault");
    expect(deleted("2027-01-01T23:50:00Z")).to.include({ state: "stuck" });
    expect(deleted("2027-01-01T23:50:00Z")?.fault).to.contain("acme.io/wait");
  });

  it("expire at their very second", () => {
    const until = (expiresAt: string) =>
      rows({
        namespaces: [
          namespaceOf("shop", "review-a", {
            annotations: {
              "secure-environment/expires-at": expiresAt,
              "secure-environment/branch": "a",
            },
          }),
        ],
        stacks: stacks("shop/review-a"),
      })[0];
    expect(until("2027-01-02T00:00:00Z")).to.include({ state: "expired" });
    expect(until("2027-01-02T00:00:00Z")?.fault).to.contain('review destroy "a"');
    expect(until("2027-01-02T00:00:01Z")).to.include({ state: "up" });
  });

  it("are of the own project and organization, unless all are asked for", () => {
    const seen = {
      namespaces: [namespaceOf("shop", "review-a"), namespaceOf("blog", "review-b")],
      stacks: stacksIn(
        JSON.stringify([
          { name: "organization/shop/review-a" },
          { name: "organization/blog/review-b" },
          { name: "acme/shop/review-c" },
        ]),
      ),
    };
    expect(statesOf(rows(seen))).to.deep.equal(["review-a up"]);
    expect(statesOf(rows(seen, everything))).to.deep.equal([
      "review-c orphan-stack",
      "review-a up",
      "review-b up",
    ]);
  });

  it("are unclear where a project may go by another name in its labels", () => {
    const seen = { namespaces: [namespaceOf("news", "review-a")], stacks: stacks("blog/review-a") };
    const [namespace, stack] = rows(seen, everything);
    expect(namespace).to.include({ state: "unclear", namespace: "review-news-a" });
    expect(namespace?.fault).to.contain("may be of organization/blog/review-a");
    expect(stack).to.include({ state: "unclear", fullStack: "organization/blog/review-a" });
  });

  it("leave out stacks that are none, and keep permanent ones", () => {
    const permanent = namespaceOf("shop", "staging", {}, "permanent");
    const seen = { namespaces: [permanent], stacks: stacks("shop/staging", "shop/production") };
    const [row, ...others] = rows(seen);
    expect(row).to.include({ state: "up", kind: "permanent", stack: "staging" });
    expect(others).to.deep.equal([]);
  });

  it("come in the order in which they need a person, and expire", () => {
    const expiring = (stack: string, expiresAt?: string) =>
      namespaceOf("shop", stack, {
        annotations: expiresAt === undefined ? {} : { "secure-environment/expires-at": expiresAt },
      });
    const seen = {
      namespaces: [
        expiring("review-never"),
        expiring("review-late", "2027-03-01T00:00:00Z"),
        expiring("review-soon", "2027-01-03T00:00:00Z"),
        expiring("review-over", "2027-01-01T00:00:00Z"),
        namespaceOf("shop", "review-left"),
      ],
      stacks: stacks(
        ...["never", "late", "soon", "over", "gone"].map((name) => `shop/review-${name}`),
      ),
    };
    expect(statesOf(rows(seen))).to.deep.equal([
      "review-left orphan-namespace",
      "review-gone orphan-stack",
      "review-over expired",
      "review-soon up",
      "review-late up",
      "review-never up",
    ]);
  });

  it("are each there once, however many", () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `review-${index}`);
    const seen = {
      namespaces: names.map((name) => namespaceOf("shop", name)),
      stacks: stacks(...names.map((name) => `shop/${name}`)),
    };
    const found = rows(seen);
    expect(found.map(({ stack }) => stack)).to.have.members(names);
    expect(new Set(found.map(({ state }) => state))).to.deep.equal(new Set(["up"]));
  });
});

describe("the states of environments", () => {
  it("are those of the schema", () => {
    const file = resolve(__dirname, "../../../../review/schemas/list.json");
    const { properties } = JSON.parse(readFileSync(file, "utf8")) as {
      properties: { environments: { items: { properties: { state: { enum: string[] } } } } };
    };
    expect(properties.environments.items.properties.state.enum).to.deep.equal(environmentStates);
  });
});

describe("the stacks in what pulumi prints", () => {
  it("are those with a whole name", () => {
    const listed = stacksIn(
      JSON.stringify([
        { name: "organization/shop/review-a", resourceCount: 3, current: false },
        { name: "review-b" },
        { name: 7 },
      ]),
    );
    expect(listed).to.have.length(1);
    expect(listed[0]).to.include({
      fullName: "organization/shop/review-a",
      organization: "organization",
      project: "shop",
      name: "review-a",
      isBusy: false,
    });
    expect(listed[0]?.resourceCount()).to.equal(3);
  });

  it("are none in what is no JSON, of which nothing is shown", () => {
    expect(() => stacksIn("hunter2"))
      .to.throw("did not print JSON")
      .and.not.match(/hunter2/);
  });
});

function rows(seen: Partial<Seen> & Pick<Seen, "namespaces" | "stacks">, of = scope) {
  return environmentRows({ now, quotas: [], ...seen }, of);
}

function statesOf(found: readonly { readonly stack: string; readonly state: string }[]) {
  return found.map(({ stack, state }) => `${stack} ${state}`);
}

function stacks(...names: readonly string[]) {
  return stacksIn(JSON.stringify(names.map((name) => ({ name: `organization/${name}` }))));
}

function namespaceOf(project: string, stack: string, metadata: object = {}, kind = "review") {
  return {
    metadata: {
      name: stack.replace("review-", `review-${project}-`),
      creationTimestamp: "2027-01-01T00:00:00Z",
      labels: {
        "secure-environment/kind": kind,
        "secure-environment/project": project,
        "secure-environment/stack": stack,
        "secure-environment/owner": "jane",
      },
      ...metadata,
    },
  };
}
