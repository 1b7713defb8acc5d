import { expect } from "chai";
import {
  amountOf,
  containerLimits,
  isUnscoped,
  podMaximum,
  quotaBounds,
  quotaKey,
  refusesPods,
} from "#isolation/index";

const one = 1_000_000_000n;

describe("what quotas bound", () => {
  it("has one key for all that mean the same", () => {
    const names = ["cpu", "count/secrets", "secrets", "count/pods", "pods", "count/jobs.batch"];
    expect(names.map(quotaKey)).to.deep.equal([
      "requests.cpu",
      "secrets",
      "secrets",
      "count/pods",
      "pods",
      "count/jobs.batch",
    ]);
  });

  it("is the least of all quotas without scopes", () => {
    const bounds = quotaBounds([
      { hard: { cpu: "3", pods: "10" } },
      { hard: { "requests.cpu": "2" }, scopes: null },
      { hard: { "requests.cpu": "2500m" } },
      { hard: { pods: "1" }, scopes: ["BestEffort"] },
    ]);
    expect([...bounds]).to.have.deep.members([
      ["requests.cpu", 2n * one],
      ["pods", 10n * one],
    ]);
  });

  it("is nothing by what is no amount", () => {
    expect([
      ...quotaBounds([{ hard: { a: 1, b: "-1", c: "x", d: null } }, null, { hard: 1 }]),
    ]).to.deep.equal([]);
    expect([amountOf("0"), amountOf("-1"), amountOf(1)]).to.deep.equal([0n, undefined, undefined]);
  });

  it("is everything only without a scope that is understood", () => {
    expect(
      [{}, { scopes: [] }, { scopeSelector: { matchExpressions: [] } }, null].every(isUnscoped),
    ).to.be.true;
    for (const spec of [
      { scopes: ["BestEffort"] },
      { scopes: "BestEffort" },
      { scopeSelector: [] },
      { scopeSelector: { matchExpressions: [{}] } },
      { scopeSelector: { matchExpressions: "x" } },
    ]) {
      expect(isUnscoped(spec), JSON.stringify(spec)).to.be.false;
    }
  });
});

describe("pods that quotas refuse", () => {
  const system = { scopeName: "PriorityClass", value: "system-node-critical" };
  const zero = (...matchExpressions: unknown[]) => [
    { hard: { pods: "0" }, scopeSelector: { matchExpressions } },
  ];
  const classes = (operator: string, ...values: string[]) => ({
    scopeName: "PriorityClass",
    operator,
    values,
  });

  it("are those for which every scope holds", () => {
    expect(refusesPods(zero(), system)).to.be.true;
    expect(refusesPods(zero(classes("Exists")), system)).to.be.true;
    expect(refusesPods(zero(classes("In", "system-node-critical")), system)).to.be.true;
    expect(refusesPods(zero(classes("NotIn", "low")), system)).to.be.true;
    expect(refusesPods(zero(classes("In", "low")), system)).to.be.false;
    expect(refusesPods(zero(classes("NotIn", "system-node-critical")), system)).to.be.false;
    expect(refusesPods(zero(classes("DoesNotExist")), system)).to.be.false;
    expect(
      refusesPods(zero(classes("Exists"), { scopeName: "BestEffort", operator: "Exists" }), system),
    ).to.be.false;
  });

  it("are none where some are admitted", () => {
    expect(refusesPods([{ hard: { pods: "1" } }, { hard: {} }], system)).to.be.false;
  });
});

describe("what limit ranges bound", () => {
  const container = (item: object) =>
    containerLimits([{ limits: [{ type: "Container", ...item }] }]);

  it("is the default of containers, and else their maximum", () => {
    expect([...container({ default: { cpu: "1" }, max: { cpu: "2", memory: "3" } })]).to.deep.equal(
      [
        ["cpu", one],
        ["memory", 3n * one],
      ],
    );
  });

  it("is nothing by a default of 0", () => {
    expect([...container({ default: { cpu: "0" }, max: { cpu: "2" } })]).to.deep.equal([]);
  });

  it("is the maximum of pods by its own type only", () => {
    const limits = [
      { type: "Pod", max: { cpu: "2" } },
      { type: "Pod", max: { cpu: "1" }, default: { memory: "1" } },
      { type: "Container", max: { memory: "1" } },
      null,
    ];
    expect([...podMaximum([{ limits }, null])]).to.deep.equal([["cpu", one]]);
  });
});
