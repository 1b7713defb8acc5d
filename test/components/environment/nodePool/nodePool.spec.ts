import { expect } from "chai";
import fc from "fast-check";
import {
  nodePoolAnnotations,
  nodePoolLabels,
  nodePoolProblems,
} from "#components/environment/nodePool/nodePool";
import { type NodePoolArgs } from "secure-environment";

const nodeSelector = "scheduler.alpha.kubernetes.io/node-selector";
const defaultTolerations = "scheduler.alpha.kubernetes.io/defaultTolerations";
const tolerationsWhitelist = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

describe("a node pool", () => {
  it("is nobody's concern unless asked for", () => {
    expect(nodePoolProblems(undefined)).to.deep.equal([]);
    expect(nodePoolLabels(undefined, "review-login")).to.deep.equal({});
    expect(nodePoolAnnotations(undefined, "review-login")).to.deep.equal({});
  });

  it("that is shared is named by the namespace's label", () => {
    expect(nodePoolLabels({ name: "review" }, "review-login")).to.deep.equal({
      "secure-environment/node-pool": "review",
    });
  });

  it("that is dedicated is named like the namespace", () => {
    expect(nodePoolLabels({ dedicated: true }, "review-login")).to.deep.equal({
      "secure-environment/node-pool": "review-login",
    });
    expect(nodePoolAnnotations({ dedicated: true }, "review-login")[nodeSelector]).to.equal(
      "secure-environment/node-pool=review-login",
    );
  });

  it("gives pods its label and its toleration, and lets them have no other toleration", () => {
    const pool = {
      key: "secure-environment/node-pool",
      operator: "Equal",
      value: "review",
      effect: "NoSchedule",
    };
    const annotations = nodePoolAnnotations({ name: "review" }, "review-login");
    expect(Object.keys(annotations)).to.deep.equal([
      nodeSelector,
      defaultTolerations,
      tolerationsWhitelist,
    ]);
    expect(annotations[nodeSelector]).to.equal("secure-environment/node-pool=review");
    expect(JSON.parse(annotations[defaultTolerations] ?? "")).to.deep.equal([pool]);
    expect(JSON.parse(annotations[tolerationsWhitelist] ?? "")).to.deep.equal([
      pool,
      { key: "secure-environment/node-pool", value: "review", effect: "NoSchedule" },
      { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
      { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
    ]);
  });

  it("may be known by another label of its nodes; the namespace's label stays", () => {
    const nodePool = { name: "review", nodeLabel: "example.com/pool" };
    const annotations = nodePoolAnnotations(nodePool, "review-login");
    expect(annotations[nodeSelector]).to.equal("example.com/pool=review");
    expect(annotations[tolerationsWhitelist]).to.contain("example.com/pool");
    expect(Object.values(annotations).join()).to.not.contain("secure-environment/node-pool");
    expect(nodePoolLabels(nodePool, "review-login")).to.deep.equal({
      "secure-environment/node-pool": "review",
    });
  });

  const told: [NodePoolArgs["enforcement"], number][] = [
    [undefined, 3],
    ["both", 3],
    ["admissionPlugins", 3],
    ["platform", 0],
  ];
  for (const [enforcement, count] of told) {
    it(`with the enforcement ${enforcement} has ${count} annotations and always the label`, () => {
      const nodePool = { name: "review", enforcement };
      expect(Object.keys(nodePoolAnnotations(nodePool, "review-login"))).to.have.length(count);
      expect(Object.keys(nodePoolLabels(nodePool, "review-login"))).to.have.length(1);
    });
  }

  it("needs a name or an environment of its own", () => {
    for (const nodePool of [{}, { dedicated: false }]) {
      expect(nodePoolProblems(nodePool)).to.deep.equal([
        {
          property: "nodePool",
          fault: "names no pool",
          remedy: "Set `name` to a shared pool, such as review, or `dedicated` to true.",
        },
      ]);
    }
  });

  it("cannot be dedicated and have a name, since it has the namespace's", () => {
    expect(nodePoolProblems({ name: "review", dedicated: true })).to.deep.equal([
      {
        property: "nodePool.name",
        found: "review",
        fault: "is set, but a dedicated pool is named like the environment's namespace",
        remedy: "Leave out `name` or `dedicated`.",
      },
    ]);
  });

  it("has a name and a label that nodes can have, and tells both faults at once", () => {
    expect(nodePoolProblems({ name: "a,b", nodeLabel: "x=y" })).to.deep.equal([
      {
        property: "nodePool.name",
        found: "a,b",
        fault: "cannot be the value of a node's label",
        remedy: "Use at most 63 letters, digits, -, _ and ., such as review.",
      },
      {
        property: "nodePool.nodeLabel",
        found: "x=y",
        fault: "cannot be the key of a node's label",
        remedy: "Use a key as Kubernetes does, such as example.com/node-pool.",
      },
    ]);
  });

  for (const nodeLabel of ["pool", "agentpool", "cloud.google.com/gke-nodepool", "a/B_c.d"]) {
    it(`may be known by the label ${nodeLabel}`, () => {
      expect(nodePoolProblems({ name: "review", nodeLabel })).to.deep.equal([]);
    });
  }

  for (const nodeLabel of [
    "",
    "/",
    "a/",
    "/a",
    "a/b/c",
    "A.com/x",
    "a..b/x",
    "a b",
    "x".repeat(64),
  ]) {
    it(`cannot be known by the label ${JSON.stringify(nodeLabel)}`, () => {
      const found = nodePoolProblems({ name: "review", nodeLabel });
      expect(found.map(({ property }) => property)).to.deep.equal(["nodePool.nodeLabel"]);
    });
  }

  it("without problems makes a selector of one label, whatever it is called", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab1-./=,"), minLength: 1, maxLength: 4 });
    const check = fc.property(text, text, (name, nodeLabel) => {
      fc.pre(nodePoolProblems({ name, nodeLabel }).length === 0);
      const annotations = nodePoolAnnotations({ name, nodeLabel }, "review-login");
      expect(annotations[nodeSelector]?.split(/[=,]/)).to.deep.equal([nodeLabel, name]);
    });
    fc.assert(check, { numRuns: 1_000, seed: 20_260_117 });
  });
});
