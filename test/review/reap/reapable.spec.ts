import { expect } from "chai";
import fc from "fast-check";
import { openBranchesIn } from "#review/reap/openBranches";
import { reapable, type ReapOptions } from "#review/reap/reapable";
import { propertyRuns } from "../../support/propertyRuns";
import { type Differences, environment, now, options, scope, seenOf } from "./support/seen";

const past = "2027-01-10T11:59:59Z";
const future = "2027-01-10T12:00:01Z";

type Environments = Parameters<typeof seenOf>[0];

function judged(environments: Environments, given: Partial<ReapOptions> = {}) {
  const { due, kept } = reapable(seenOf(environments), scope, { ...options, ...given });
  return {
    due: due.map(({ stack, reason }) => `${stack}: ${reason}`),
    kept: kept.map(({ stack, why }) => `${stack}: ${why}`),
  };
}

function open(...branches: readonly string[]) {
  const read = openBranchesIn(branches.join("\n"));
  return "open" in read ? read.open : undefined;
}

describe("environments that are to go", () => {
  it("are those whose time is over, longest first", () => {
    const environments = [
      environment("b", { expiresAt: past }),
      environment("a", { expiresAt: now }),
      environment("c", { expiresAt: "2027-01-01T00:00:00Z" }),
      environment("d", { expiresAt: future }),
      environment("e"),
    ];
    expect(judged(environments)).to.deep.equal({
      due: ["review-c: expired", "review-b: expired", "review-a: expired"],
      kept: [],
    });
  });

  it("are not those whose end nobody can read", () => {
    expect(judged([environment("a", { expiresAt: "2001-01-01" })]).due).to.deep.equal([]);
  });

  it("are those whose branch is not open, if open ones are known", () => {
    const environments = [environment("feature/a"), environment("b"), environment("c")];
    expect(judged(environments).due).to.deep.equal([]);
    const [closed, ...others] = judged(environments, { openBranches: open("b", "c") }).due;
    expect(others).to.deep.equal([]);
    expect(closed).to.match(/^review-feature-a-\w+: closed$/);
  });

  it("are not those that name no branch, nor whose stack is that of an open branch", () => {
    const unnamed = environment("a");
    const { metadata } = unnamed.namespace;
    const environments = [
      { ...unnamed, namespace: { metadata: { ...metadata, annotations: {} } } },
      environment("b", { branch: "renamed" }),
    ];
    expect(judged(environments, { openBranches: open("b") }).due).to.deep.equal([]);
  });

  it("are not closed if they came to life after the list was written", () => {
    const [day, openBranches] = [86_400_000, open("other")];
    const dueAt = (writtenAt: number) =>
      judged([environment("a")], { openBranches: openBranches && { ...openBranches, writtenAt } })
        .due;
    expect(dueAt(Date.parse(now))).to.deep.equal(["review-a: closed"]);
    expect(dueAt(Date.parse(now) - day)).to.deep.equal([]);
    // Made before the list, and brought up again after it.
    expect(dueAt(Date.parse("2027-01-09T12:00:10Z"))).to.deep.equal([]);
  });

  it("are those that are idle: no run and no new pod", () => {
    const stack = { lastUpdate: "2027-01-03T00:00:00.000Z" };
    const old = { createdAt: "2027-01-01T00:00:00Z", stack };
    const environments = [
      environment("a", old),
      environment("b", old),
      environment("c", { ...old, stack: { lastUpdate: "2027-01-09T00:00:00.000Z" } }),
      environment("d", { ...old, stack: { lastUpdate: undefined } }),
    ];
    const youngestPods = new Map([["review-shop-b", "2027-01-10T00:00:00Z"]]);
    const idle = { after: 7 * 86_400_000, youngestPods };
    expect(judged(environments, { idle }).due).to.deep.equal(["review-a: idle"]);
    expect(judged(environments, { idle: { ...idle, youngestPods: undefined } }).due).to.be.empty;
    expect(judged(environments).due).to.be.empty;
  });

  it("are stacks whose namespace is gone", () => {
    const { stack } = environment("a");
    expect(judged([{ stack }]).due).to.deep.equal(["review-a: orphan-stack"]);
  });

  it("are no stacks whose namespace may be elsewhere, or yet to be made", () => {
    const { stack } = environment("a");
    expect(judged([{ stack }], { isClusterNamed: false })).to.deep.equal({
      due: [],
      kept: [
        "review-a: its namespace is not in the cluster, and the settings do not name the cluster, so its namespace may be in another one",
      ],
    });
    const empty = (lastUpdate: string | undefined) =>
      judged([{ stack: { ...stack, resourceCount: () => 0, lastUpdate } }]).due;
    expect(empty(undefined)).to.deep.equal([]);
    expect(empty("2027-01-10T11:30:00Z")).to.deep.equal([]);
    expect(empty("2027-01-10T10:30:00Z")).to.deep.equal(["review-a: orphan-stack"]);
  });

  for (const [why, branch, differences, given] of [
    ["it is permanent", "a", { labels: { "secure-environment/kind": "permanent" } }, {}],
    ["it is protected by", "a", { labels: { "secure-environment/protect": "true" } }, {}],
    ["it is kept by the label", "a", { labels: { "secure-environment/keep": "demo" } }, {}],
    ["it is kept by the label", "a", { labels: { "secure-environment/keep": "" } }, {}],
    ["it is one of `permanent`", "a", {}, { permanent: ["organization/shop/review-a"] }],
    ["that get no environment (release/*)", "release/1", {}, {}],
    ["a run is at work", "a", { stack: { isBusy: true } }, {}],
  ] as const) {
    it(`are none of which it holds that ${why}: ${JSON.stringify([branch, differences])}`, () => {
      const [first, ...others] = judged(
        [environment(branch, { ...differences, expiresAt: past })],
        given,
      ).kept;
      expect(first).to.contain(`: it expired at ${past}, and `).and.contain(why);
      expect(others).to.deep.equal([]);
    });
  }

  it("are kept by no label that says false", () => {
    const labels = { "secure-environment/keep": "false" };
    const { due } = judged([environment("a", { expiresAt: past, labels })]);
    expect(due).to.deep.equal(["review-a: expired"]);
  });

  it("are none of which it is not clear what they are, or that go already", () => {
    const { namespace } = environment("a", { expiresAt: past });
    const { due, kept } = judged([
      { namespace },
      environment("b", { expiresAt: past, deletedAt: past }),
      environment("c", { expiresAt: past, deletedAt: "2027-01-10T11:00:00Z" }),
    ]);
    expect(due).to.deep.equal([]);
    expect(kept.map((line) => line.split(":")[0])).to.have.members([
      "review-a",
      "review-b",
      "review-c",
    ]);
  });

  it("are of the settings' project, whatever else is listed", () => {
    const expiresAt = past;
    const other = environment("a", { expiresAt, project: "blog" });
    expect(judged([other])).to.deep.equal({ due: [], kept: [] });
  });

  it("are never kept ones, whatever else holds", () => {
    const label = fc.constantFrom("true", "", "false", undefined);
    const differences: fc.Arbitrary<Differences & { keep?: string }> = fc.record({
      expiresAt: fc.constantFrom(past, future, undefined),
      deletedAt: fc.constantFrom(past, undefined),
      project: fc.constantFrom("shop", "blog"),
      labels: fc
        .record({ keep: label, protect: fc.constantFrom("true", undefined) })
        .map(({ keep, protect }) => ({
          ...(keep !== undefined && { "secure-environment/keep": keep }),
          ...(protect !== undefined && { "secure-environment/protect": protect }),
        })),
      stack: fc.record({ isBusy: fc.boolean() }),
    });
    const branches = ["main", "a", "b", "feature/x", "release/2"];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...branches), differences), { maxLength: 5 }),
        fc.subarray(branches, { minLength: 1 }),
        (given, openOnes) => {
          const each = new Map(given.map((one) => [one[0] + one[1].project, one] as const));
          const environments = [...each.values()].map(([branch, one]) => environment(branch, one));
          const { due } = reapable(seenOf(environments), scope, {
            ...options,
            openBranches: open(...openOnes),
          });
          for (const { branch = "", namespace, listed } of due) {
            const said = namespace?.metadata?.labels ?? {};
            const expiry = namespace?.metadata?.annotations?.["secure-environment/expires-at"];
            expect(said["secure-environment/keep"] ?? "false").to.equal("false");
            expect(said).not.to.have.property("secure-environment/protect");
            expect(listed).to.include({ project: "shop", isBusy: false });
            expect(namespace?.metadata).not.to.have.property("deletionTimestamp");
            expect(branch).not.to.match(/^(main|release\/)/);
            expect(expiry === past || !openOnes.includes(branch)).to.equal(true);
          }
        },
      ),
      { numRuns: propertyRuns(200) },
    );
  });
});
