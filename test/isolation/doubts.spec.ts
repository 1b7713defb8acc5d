import { expect } from "chai";
import {
  createModel,
  type IsolationObject,
  type NetworkPolicy,
  readObjects,
} from "#isolation/index";

import { denyAll, namespace, pod, policy, tcp } from "./scenes";

const web = { pod: "a/web" };
const stranger = { pod: "b/stranger" };
const pods: IsolationObject[] = [
  namespace("b", { team: "blue" }),
  pod("a/web", { app: "web" }, { ips: ["10.0.0.1"] }),
  pod("b/stranger", {}, { ips: ["10.0.1.1"] }),
];

/** A policy whose specification nobody has checked. */
function unchecked(spec: unknown): NetworkPolicy {
  return { kind: "NetworkPolicy", metadata: { namespace: "a", name: "p" }, spec: spec as object };
}

function ingress(rule: unknown): NetworkPolicy {
  return unchecked({ podSelector: {}, policyTypes: ["Ingress"], ingress: [rule] });
}

describe("what a policy says that is not understood", () => {
  for (const [title, property, broken] of [
    ["a specification that is none", "spec", unchecked("soon")],
    [
      "a list of rules that is none",
      "spec.ingress",
      unchecked({ podSelector: {}, policyTypes: ["Ingress"], ingress: "soon" }),
    ],
    ["a rule that is none", "spec.ingress[0]", ingress("soon")],
    ["peers that are no list", "spec.ingress[0].from", ingress({ from: {} })],
    ["a peer without anything", "spec.ingress[0].from[0]", ingress({ from: [{}] })],
    ["a peer that is null", "spec.ingress[0].from[0]", ingress({ from: [null] })],
    [
      "a peer with a range and a selector",
      "spec.ingress[0].from[0]",
      ingress({ from: [{ ipBlock: { cidr: "192.0.2.0/24" }, podSelector: {} }] }),
    ],
    [
      "a range that is none",
      "spec.ingress[0].from[0].ipBlock.cidr",
      ingress({ from: [{ ipBlock: { cidr: "192.0.2.0" } }] }),
    ],
    [
      "a range with host bits, of which plugins make different things",
      "spec.ingress[0].from[0].ipBlock.cidr",
      ingress({ from: [{ ipBlock: { cidr: "192.0.2.1/24" } }] }),
    ],
    [
      "an exception that is none",
      "spec.ingress[0].from[0].ipBlock.except[0]",
      ingress({ from: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.0.1.1/16"] } }] }),
    ],
    [
      "an operator that is none",
      "spec.ingress[0].from[0].namespaceSelector.matchExpressions[0]",
      ingress({
        from: [
          {
            namespaceSelector: {
              matchExpressions: [{ key: "team", operator: "Gt", values: ["1"] }],
            },
          },
        ],
      }),
    ],
    [
      "In without values",
      "spec.ingress[0].from[0].namespaceSelector.matchExpressions[0]",
      ingress({
        from: [{ namespaceSelector: { matchExpressions: [{ key: "team", operator: "In" }] } }],
      }),
    ],
    [
      "a label that is no text",
      'spec.ingress[0].from[0].namespaceSelector.matchLabels["team"]',
      ingress({ from: [{ namespaceSelector: { matchLabels: { team: 1 } } }] }),
    ],
    ["ports that are no list", "spec.ingress[0].ports", ingress({ ports: 81 })],
    [
      "a protocol that is none",
      "spec.ingress[0].ports[0]",
      ingress({ ports: [{ protocol: "tcp", port: 81 }] }),
    ],
    ["a number written as text", "spec.ingress[0].ports[0]", ingress({ ports: [{ port: "81" }] })],
    ["a port out of range", "spec.ingress[0].ports[0]", ingress({ ports: [{ port: 70000 }] })],
    [
      "an end before the start",
      "spec.ingress[0].ports[0]",
      ingress({ ports: [{ port: 90, endPort: 81 }] }),
    ],
    ["an end without a start", "spec.ingress[0].ports[0]", ingress({ ports: [{ endPort: 90 }] })],
    [
      "an end for a name",
      "spec.ingress[0].ports[0]",
      ingress({ ports: [{ port: "http", endPort: 90 }] }),
    ],
    [
      "a policy type that is none",
      "spec.policyTypes",
      unchecked({ podSelector: {}, policyTypes: ["ingress"], ingress: [{}] }),
    ],
    [
      "a selection of pods that is not understood",
      "spec.podSelector.matchExpressions[0]",
      unchecked({
        podSelector: { matchExpressions: [{ key: "app", operator: "is" }] },
        ingress: [{}],
      }),
    ],
  ] as const) {
    it(`counts as open even beside a default deny, and is told once: ${title}`, () => {
      const model = createModel([...pods, policy("a/deny", denyAll), broken]);
      expect(model.verdict(stranger, web, tcp(80)).ingress.allowed).to.be.true;
      const [fault, ...others] = model.doubts;
      expect(fault).to.deep.include({ kind: "NetworkPolicy", namespace: "a", name: "p", property });
      expect(others).to.deep.equal([]);
    });
  }

  it("closes nothing by itself", () => {
    const closing = [
      unchecked({ podSelector: {}, policyTypes: ["ingress"] }),
      unchecked({ podSelector: { matchExpressions: [{ key: "app", operator: "is" }] } }),
      unchecked("soon"),
    ];
    for (const broken of closing) {
      const model = createModel([...pods, broken]);
      expect(model.verdict(stranger, web, tcp(80)).allowed).to.be.true;
      expect(model.deniesByDefault("a", "Ingress").denies).to.be.false;
    }
  });

  it("leaves the rest of a rule in force", () => {
    const from = [{ podSelector: { matchExpressions: [{ key: "app", operator: "is" }] } }];
    const model = createModel([...pods, ingress({ from, ports: [{ port: 80 }] })]);
    expect(model.verdict(stranger, web, tcp(80)).allowed).to.be.false;
  });
});

describe("what a pod or a namespace says that is not understood", () => {
  const blue = ingress({ from: [{ namespaceSelector: { matchLabels: { team: "blue" } } }] });
  const unknownLabel = { team: Symbol("unknown") } as unknown as Record<string, string>;

  it("can be what a peer looks for", () => {
    const model = createModel([namespace("b", unknownLabel), ...pods.slice(1), blue]);
    expect(model.verdict(stranger, web, tcp(80)).allowed).to.be.true;
    expect(model.doubts.map(({ property }) => property)).to.deep.equal(['metadata.labels["team"]']);
  });

  it("does not make sure that a policy isolates the pod", () => {
    const teamOnly = policy("a/p", { podSelector: { matchLabels: { team: "blue" } } });
    const model = createModel([pod("a/web", unknownLabel), pods[2]!, teamOnly]);
    expect(model.verdict(stranger, web, tcp(80)).allowed).to.be.true;
  });

  it("can be any address", () => {
    const range = ingress({ from: [{ ipBlock: { cidr: "192.0.2.0/24" } }] });
    const odd = pod("b/stranger", {}, { ips: ["10.0.0.01"] });
    const model = createModel([pods[1]!, odd, range]);
    expect(model.verdict(stranger, web, tcp(80)).allowed).to.be.true;
    expect(model.doubts).to.have.length(1);
  });

  it("is told when an object is there twice", () => {
    expect(createModel([...pods, pods[1]!]).doubts).to.deep.equal([
      {
        kind: "Pod",
        namespace: "a",
        name: "web",
        property: "metadata.name",
        fault: "is there more than once; the last one counts",
      },
    ]);
  });
});

describe("reading objects", () => {
  const metadata = { namespace: "a", name: "web" };

  it("takes the four kinds out of lists, and ignores all others", () => {
    const { objects, doubts } = readObjects([
      {
        kind: "List",
        items: [
          { kind: "Pod", metadata },
          { kind: "Secret", metadata },
        ],
      },
      { kind: "NetworkPolicyList", items: [{ metadata, spec: {} }] },
      { kind: "Service", metadata },
      { kind: "Namespace", metadata: { name: "a" } },
      null,
    ]);
    expect(objects.map(({ kind }) => kind)).to.deep.equal([
      "Pod",
      "NetworkPolicy",
      "Service",
      "Namespace",
    ]);
    expect(doubts).to.deep.equal([]);
  });

  it("takes a workload as one pod of its template, unless another workload controls it", () => {
    const template = { metadata: { labels: { app: "web" } }, spec: { hostNetwork: true } };
    const controlled = { ...metadata, ownerReferences: [{ controller: true, kind: "Deployment" }] };
    const { objects } = readObjects([
      { kind: "Deployment", metadata, spec: { template } },
      { kind: "ReplicaSet", metadata: controlled, spec: { template } },
      { kind: "CronJob", metadata, spec: { jobTemplate: { spec: { template } } } },
    ]);
    const expected = (name: string) => ({
      kind: "Pod",
      metadata: { namespace: "a", name, labels: { app: "web" } },
      spec: { hostNetwork: true },
    });
    expect(objects).to.deep.equal([expected("deployment/web"), expected("cronjob/web")]);
  });

  it("leaves out and tells what cannot be placed", () => {
    const unknown = Promise.resolve("b");
    const { objects, doubts } = readObjects([
      "text",
      { metadata },
      { kind: "Pod", metadata: { namespace: "a" } },
      { kind: "NetworkPolicy", metadata: { name: "p", namespace: unknown } },
      { kind: "Pod", metadata: "text" },
    ]);
    expect(objects).to.deep.equal([]);
    expect(doubts.map(({ kind, name, property }) => [kind, name, property])).to.deep.equal([
      ["", "", ""],
      ["", "web", "kind"],
      ["Pod", "(unnamed)", "metadata.name"],
      ["NetworkPolicy", "p", "metadata.namespace"],
      ["Pod", "(unnamed)", "metadata"],
    ]);
  });

  it("has the rules of a policy that has no name yet", () => {
    const spec = { podSelector: {}, ingress: [{}] };
    const { objects } = readObjects([
      { kind: "NetworkPolicy", metadata: { namespace: "a" }, spec },
    ]);
    const { ingress } = createModel([...pods, ...objects]).verdict(stranger, web, tcp(80));
    expect(ingress.by).to.deep.equal(["a/(unnamed) ingress[0]"]);
  });

  it("takes for open what only stands for a value, and what throws", () => {
    const throwing = Object.defineProperty({ podSelector: {} }, "ingress", {
      enumerable: true,
      get: () => {
        throw new Error("not known yet");
      },
    });
    for (const spec of [Symbol("unknown"), Promise.resolve({}), () => ({}), throwing]) {
      const read = readObjects([
        { kind: "NetworkPolicy", metadata: { namespace: "a", name: "p" }, spec },
      ]);
      const model = createModel([...pods, policy("a/deny", denyAll), ...read.objects]);
      expect(model.verdict(stranger, web, tcp(80)).ingress.allowed).to.be.true;
      expect(model.doubts).to.have.length(1);
    }
  });

  it("does not take a prototype from what it reads", () => {
    const text =
      '{ "kind": "Pod", "metadata": { "name": "p", "__proto__": { "namespace": "a" } } }';
    const { objects } = readObjects([JSON.parse(text)]);
    expect(objects).to.have.length(1);
    expect(objects[0]?.metadata).not.to.have.property("namespace");
  });

  it("does not fall for an object that has itself in it", () => {
    const spec: Record<string, unknown> = { podSelector: {} };
    spec["itself"] = spec;
    const { objects } = readObjects([{ kind: "NetworkPolicy", metadata, spec }]);
    expect(createModel(objects).deniesByDefault("a", "Ingress").denies).to.be.true;
  });

  it("knows the peers of ingress rules by the Node.js client's name too", () => {
    const spec = { podSelector: {}, ingress: [{ _from: [{ podSelector: {} }] }] };
    const { objects } = readObjects([{ kind: "NetworkPolicy", metadata, spec }]);
    expect(createModel([...pods, ...objects]).verdict(stranger, web, tcp(80)).allowed).to.be.false;
  });
});
