import { expect } from "chai";
import fc from "fast-check";
import {
  createModel,
  type Endpoint,
  type IsolationObject,
  type NetworkPolicy,
  type TargetPort,
} from "#isolation/index";

import {
  denyAll,
  endpointsOf,
  named,
  namespace,
  namespaces,
  pod,
  pods,
  policies,
  policy,
  targetPorts,
  tcp,
} from "./scenes";

type Rule = NonNullable<NonNullable<NetworkPolicy["spec"]>["ingress"]>[number];
type Peer = NonNullable<Rule["from"]>[number];
type Port = NonNullable<Rule["ports"]>[number];

const web = { pod: "a/web" };
const cluster: IsolationObject[] = [
  namespace("a", { team: "red" }),
  namespace("b", { team: "blue" }),
  pod("a/web", { app: "web" }, { ips: ["10.0.0.1", "fd00::1"], ports: { http: 8080 } }),
  pod("a/db", { app: "db", tier: "data" }, { ips: ["10.0.0.2"], ports: { http: 80 } }),
  pod("b/web", { app: "web" }, { ips: ["10.0.1.1"], ports: { http: 9090 } }),
  pod("c/node", { app: "web" }, { ips: ["192.168.0.1"], hostNetwork: true }),
];

function allowed(
  objects: readonly IsolationObject[],
  from: Endpoint,
  to: Endpoint,
  port: TargetPort = tcp(80),
): boolean {
  return createModel(objects).verdict(from, to, port).allowed;
}

/** Who of all may talk to `a/web`, or be talked to by it, when only this peer is allowed. */
function matchedBy(peer: Peer, direction: "Ingress" | "Egress"): string[] {
  const rules =
    direction === "Ingress" ? { ingress: [{ from: [peer] }] } : { egress: [{ to: [peer] }] };
  const spec = { podSelector: { matchLabels: { app: "web" } }, policyTypes: [direction], ...rules };
  const model = createModel([...cluster, policy("a/only", spec)]);
  const others: Endpoint[] = [
    { pod: "a/db" },
    { pod: "b/web" },
    { pod: "c/node" },
    { address: "10.0.0.77" },
    { address: "203.0.113.1" },
    { address: "fd00::2" },
  ];
  return others
    .filter((other) =>
      direction === "Ingress"
        ? model.verdict(other, web, tcp(80)).allowed
        : model.verdict(web, other, tcp(80)).allowed,
    )
    .map((other) => ("pod" in other ? other.pod : other.address));
}

describe("the verdict on a connection", () => {
  it("is yes without policies, and names no rule", () => {
    expect(createModel(cluster).verdict(web, { pod: "b/web" }, tcp(80))).to.deep.equal({
      allowed: true,
      egress: { allowed: true, by: [] },
      ingress: { allowed: true, by: [] },
    });
  });

  it("is no under a default deny, and names the policies that isolate", () => {
    const model = createModel([...cluster, policy("a/deny", denyAll), policy("b/deny", denyAll)]);
    expect(model.verdict(web, { pod: "b/web" }, tcp(80))).to.deep.equal({
      allowed: false,
      egress: { allowed: false, by: ["a/deny"] },
      ingress: { allowed: false, by: ["b/deny"] },
    });
  });

  it("needs both sides, and names every rule that allows", () => {
    const everyone = { podSelector: {}, ingress: [{}, { from: [{ namespaceSelector: {} }] }] };
    const model = createModel([
      ...cluster,
      policy("a/deny", denyAll),
      policy("b/deny", denyAll),
      policy("b/open", everyone),
    ]);
    expect(model.verdict(web, { pod: "b/web" }, tcp(80))).to.deep.equal({
      allowed: false,
      egress: { allowed: false, by: ["a/deny"] },
      ingress: { allowed: true, by: ["b/open ingress[0]", "b/open ingress[1]"] },
    });
  });

  it("is yes for a pod and itself, whatever the policies say", () => {
    expect(allowed([...cluster, policy("a/deny", denyAll)], web, web)).to.be.true;
  });

  it("leaves alone what policies of the other direction or of other pods say", () => {
    const egressOnly = policy("a/p", { podSelector: {}, policyTypes: ["Egress"] });
    expect(allowed([...cluster, egressOnly], { pod: "b/web" }, web)).to.be.true;
    const dbOnly = policy("a/p", { podSelector: { matchLabels: { app: "db" } } });
    expect(allowed([...cluster, dbOnly], { pod: "b/web" }, web)).to.be.true;
    expect(allowed([...cluster, dbOnly], { pod: "b/web" }, { pod: "a/db" })).to.be.false;
  });

  it("holds no pod on its node's network, which no pod selector finds either", () => {
    const deny = policy("c/deny", denyAll);
    expect(allowed([...cluster, deny], web, { pod: "c/node" })).to.be.true;
    expect(allowed([...cluster, deny], { pod: "c/node" }, web)).to.be.true;
  });

  for (const [title, policyTypes, egress, isolated] of [
    ["ingress alone without egress rules", undefined, undefined, [true, false]],
    ["ingress alone with an empty list of egress rules", undefined, [], [true, false]],
    ["both with an egress rule", undefined, [{ ports: [{ port: 1 }] }], [true, true]],
    [
      "both with an empty list of types and an egress rule",
      [],
      [{ ports: [{ port: 1 }] }],
      [true, true],
    ],
    ["egress alone when only that is listed", ["Egress"], undefined, [false, true]],
    [
      "ingress alone when only that is listed",
      ["Ingress"],
      [{ ports: [{ port: 1 }] }],
      [true, false],
    ],
  ] as const) {
    it(`takes a policy to be about ${title}`, () => {
      const objects = [...cluster, policy("a/p", { podSelector: {}, policyTypes, egress })];
      expect([
        !allowed(objects, { pod: "b/web" }, web),
        !allowed(objects, web, { pod: "b/web" }),
      ]).to.deep.equal(isolated);
    });
  }

  for (const direction of ["Ingress", "Egress"] as const) {
    for (const [title, peer, expected] of [
      ["pods of the policy's namespace", { podSelector: {} }, ["a/db"]],
      [
        "these pods of the policy's namespace",
        { podSelector: { matchLabels: { app: "web" } } },
        [],
      ],
      ["all pods of a namespace", { namespaceSelector: named("b") }, ["b/web"]],
      [
        "a namespace by its labels",
        { namespaceSelector: { matchLabels: { team: "red" } } },
        ["a/db"],
      ],
      ["pods of all namespaces", { namespaceSelector: {} }, ["a/db", "b/web"]],
      [
        "both selectors at once",
        { namespaceSelector: {}, podSelector: { matchLabels: { app: "web" } } },
        ["b/web"],
      ],
      [
        "a range, in it pods and nodes too",
        { ipBlock: { cidr: "0.0.0.0/0", except: ["10.0.0.0/24"] } },
        ["b/web", "c/node", "203.0.113.1"],
      ],
      ["a range of IPv6", { ipBlock: { cidr: "fd00::/8" } }, ["fd00::2"]],
      [
        "In",
        {
          namespaceSelector: {
            matchExpressions: [{ key: "team", operator: "In", values: ["blue", "green"] }],
          },
        },
        ["b/web"],
      ],
      [
        "NotIn, which a missing label meets",
        {
          podSelector: {
            matchExpressions: [{ key: "role", operator: "NotIn", values: ["x"] }],
          },
        },
        ["a/db"],
      ],
      [
        "Exists",
        { podSelector: { matchExpressions: [{ key: "tier", operator: "Exists" }] } },
        ["a/db"],
      ],
      [
        "DoesNotExist",
        { podSelector: { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] } },
        [],
      ],
      [
        "all requirements together",
        {
          podSelector: {
            matchLabels: { app: "db" },
            matchExpressions: [{ key: "tier", operator: "In", values: ["web"] }],
          },
        },
        [],
      ],
    ] as const satisfies readonly [string, Peer, readonly string[]][]) {
      it(`matches as a peer of ${direction}: ${title}`, () => {
        expect(matchedBy(peer, direction)).to.deep.equal(expected);
      });
    }
  }

  it("takes a missing and an empty list of peers to be everyone, and an empty list of rules nobody", () => {
    for (const [ingress, expected] of [
      [[{}], true],
      [[{ from: [] }], true],
      [[], false],
      [undefined, false],
    ] as const) {
      const objects = [...cluster, policy("a/p", { podSelector: {}, ingress })];
      expect(allowed(objects, { address: "203.0.113.1" }, web), JSON.stringify(ingress)).to.equal(
        expected,
      );
    }
  });

  it("takes peers of a list and ports of a list each as one way, and both lists together", () => {
    const ingress = [
      {
        from: [{ namespaceSelector: named("b") }, { podSelector: {} }],
        ports: [{ port: 80 }, { port: 81 }],
      },
    ];
    const objects = [...cluster, policy("a/p", { podSelector: {}, ingress })];
    expect(allowed(objects, { pod: "b/web" }, web, tcp(81))).to.be.true;
    expect(allowed(objects, { pod: "a/db" }, web, tcp(80))).to.be.true;
    expect(allowed(objects, { pod: "a/db" }, web, tcp(82))).to.be.false;
    expect(allowed(objects, { address: "203.0.113.1" }, web, tcp(80))).to.be.false;
  });

  for (const [title, port, expected] of [
    ["a number, of TCP when no protocol is given", { port: 80 }, ["TCP 80"]],
    ["a protocol alone", { protocol: "UDP" }, ["UDP 80", "UDP 8080"]],
    ["an empty entry, which is all of TCP", {}, ["TCP 80", "TCP 8080"]],
    ["a range with both ends", { port: 80, endPort: 8080 }, ["TCP 80", "TCP 8080"]],
    ["a range that ends before", { port: 80, endPort: 8079 }, ["TCP 80"]],
    ["SCTP", { port: 80, protocol: "SCTP" }, ["SCTP 80"]],
    ["a name, with the number of the target", { port: "http" }, ["TCP 8080"]],
    ["a name of another protocol", { port: "http", protocol: "UDP" }, []],
    ["a name that nobody has", { port: "metrics" }, []],
  ] as const satisfies readonly [string, Port, readonly string[]][]) {
    for (const direction of ["Ingress", "Egress"] as const) {
      it(`opens by ${title} (${direction})`, () => {
        const rules =
          direction === "Ingress"
            ? { ingress: [{ ports: [port] }] }
            : { egress: [{ ports: [port] }] };
        const where = direction === "Ingress" ? "a/p" : "b/p";
        const model = createModel([
          ...cluster,
          policy(where, { podSelector: {}, policyTypes: [direction], ...rules }),
        ]);
        const open = (["TCP", "UDP", "SCTP"] as const).flatMap((protocol) =>
          [80, 8080]
            .filter(
              (number) => model.verdict({ pod: "b/web" }, web, { port: number, protocol }).allowed,
            )
            .map((number) => `${protocol} ${number}`),
        );
        expect(open).to.deep.equal(expected);
      });
    }
  }

  it("finds a port's name on sidecars, but not on other init containers nor on addresses", () => {
    const ports = [{ name: "proxy", containerPort: 15001 }];
    const egress = [{ ports: [{ port: "proxy" }] }];
    const objects = (restartPolicy?: string): IsolationObject[] => [
      ...cluster,
      policy("a/p", { podSelector: {}, policyTypes: ["Egress"], egress }),
      {
        kind: "Pod",
        metadata: { namespace: "b", name: "mesh" },
        spec: { initContainers: [{ restartPolicy, ports }] },
      },
    ];
    expect(allowed(objects("Always"), web, { pod: "b/mesh" }, tcp(15001))).to.be.true;
    expect(allowed(objects(), web, { pod: "b/mesh" }, tcp(15001))).to.be.false;
    expect(allowed(objects("Always"), web, { address: "192.0.2.1" }, tcp(15001))).to.be.false;
  });

  it("sees every address of a pod with two", () => {
    const egress = [{ to: [{ ipBlock: { cidr: "fd00::/64" } }] }];
    const objects = [
      ...cluster,
      policy("b/p", { podSelector: {}, policyTypes: ["Egress"], egress }),
    ];
    expect(allowed(objects, { pod: "b/web" }, web)).to.be.true;
    expect(allowed(objects, { pod: "b/web" }, { pod: "a/db" })).to.be.false;
  });

  it("can be asked as if ranges matched neither pods nor nodes", () => {
    const egress = [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }];
    const objects = [
      ...cluster,
      policy("a/p", { podSelector: {}, policyTypes: ["Egress"], egress }),
    ];
    const model = createModel(objects, { ipBlocksMatchPods: false });
    expect(model.verdict(web, { pod: "b/web" }, tcp(80)).allowed).to.be.false;
    expect(model.verdict(web, { pod: "c/node" }, tcp(80)).allowed).to.be.false;
    expect(model.verdict(web, { address: "10.7.7.7" }, tcp(80)).allowed).to.be.true;
  });

  it("takes the address of a pod for the pod", () => {
    const egress = [{ to: [{ namespaceSelector: named("b") }] }];
    const objects = [
      ...cluster,
      policy("a/p", { podSelector: {}, policyTypes: ["Egress"], egress }),
    ];
    expect(allowed(objects, web, { address: "10.0.1.1" })).to.be.true;
    expect(allowed(objects, web, { address: "10.0.1.2" })).to.be.false;
    expect(allowed([...objects, policy("b/p", denyAll)], web, { address: "10.0.1.1" })).to.be.false;
  });

  it("takes an address that several pods have for none of them, and a node's for the node", () => {
    const egress = [{ to: [{ namespaceSelector: {} }] }];
    const twin = pod("b/twin", {}, { ips: ["10.0.1.1"] });
    const objects = [
      ...cluster,
      twin,
      policy("a/p", { podSelector: {}, policyTypes: ["Egress"], egress }),
    ];
    expect(allowed(objects, web, { address: "10.0.1.1" })).to.be.false;
    expect(allowed(objects, web, { address: "192.168.0.1" })).to.be.false;
  });

  it("takes a pod without an address to be anywhere in the ranges of the pods", () => {
    const egress = [{ to: [{ ipBlock: { cidr: "10.9.0.0/24" } }] }];
    const objects = [
      pod("b/new"),
      ...cluster,
      policy("a/p", { podSelector: {}, policyTypes: ["Egress"], egress }),
    ];
    const to = { pod: "b/new" };
    expect(createModel(objects).verdict(web, to, tcp(80)).allowed).to.be.false;
    const placed = createModel(objects, { podCidrs: ["10.9.0.0/16"] });
    expect(placed.verdict(web, to, tcp(80)).allowed).to.be.true;
    expect(placed.verdict(web, { pod: "b/web" }, tcp(80)).allowed).to.be.false;
  });

  it("knows an unlisted namespace by its name alone, and forces that label on all", () => {
    const from = (namespaceSelector: object) => [
      namespace("b", { "kubernetes.io/metadata.name": "trusted" }),
      pod("a/web"),
      pod("b/web"),
      pod("d/web"),
      policy("a/p", { podSelector: {}, ingress: [{ from: [{ namespaceSelector }] }] }),
    ];
    expect(allowed(from(named("d")), { pod: "d/web" }, web)).to.be.true;
    expect(allowed(from(named("trusted")), { pod: "b/web" }, web)).to.be.false;
    expect(allowed(from(named("b")), { pod: "b/web" }, web)).to.be.true;
  });

  it("is refused for what is not there", () => {
    const model = createModel(cluster);
    expect(() => model.verdict({ pod: "a/none" }, web, tcp(80))).to.throw(RangeError, "a/none");
    expect(() => model.verdict({ address: "10.0.0.01" }, web, tcp(80))).to.throw(RangeError);
    expect(() => model.verdict(web, web, tcp(0))).to.throw(RangeError, "0 is no port");
    expect(() => createModel([], { podCidrs: ["10.0.0.0"] })).to.throw(RangeError, "podCidrs");
  });
});

describe("the example of the specification's page", () => {
  const model = createModel([
    namespace("default"),
    namespace("mine", { project: "myproject" }),
    pod("default/db", { role: "db" }),
    pod("default/frontend", { role: "frontend" }),
    pod("default/other"),
    pod("mine/any"),
    pod("theirs/frontend", { role: "frontend" }),
    policy("default/test-network-policy", {
      podSelector: { matchLabels: { role: "db" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [
            { ipBlock: { cidr: "172.17.0.0/16", except: ["172.17.1.0/24"] } },
            { namespaceSelector: { matchLabels: { project: "myproject" } } },
            { podSelector: { matchLabels: { role: "frontend" } } },
          ],
          ports: [{ protocol: "TCP", port: 6379 }],
        },
      ],
      egress: [
        { to: [{ ipBlock: { cidr: "10.0.0.0/24" } }], ports: [{ protocol: "TCP", port: 5978 }] },
      ],
    }),
  ]);
  const db = { pod: "default/db" };

  for (const [from, expected] of [
    [{ pod: "default/frontend" }, true],
    [{ pod: "default/other" }, false],
    [{ pod: "mine/any" }, true],
    [{ pod: "theirs/frontend" }, false],
    [{ address: "172.17.0.255" }, true],
    [{ address: "172.17.1.0" }, false],
    [{ address: "172.17.1.255" }, false],
    [{ address: "172.17.2.0" }, true],
    [{ address: "172.18.0.0" }, false],
  ] as const) {
    it(`${expected ? "lets in" : "keeps out"} ${Object.values(from)[0]} on port 6379`, () => {
      expect(model.verdict(from, db, tcp(6379)).allowed).to.equal(expected);
      expect(model.verdict(from, db, tcp(6380)).allowed).to.be.false;
    });
  }

  it("lets out to port 5978 of the range alone, and leaves other pods alone", () => {
    expect(model.verdict(db, { address: "10.0.0.7" }, tcp(5978)).allowed).to.be.true;
    expect(model.verdict(db, { address: "10.0.0.7" }, tcp(5979)).allowed).to.be.false;
    expect(model.verdict(db, { address: "10.0.1.7" }, tcp(5978)).allowed).to.be.false;
    expect(model.verdict({ pod: "default/other" }, db, tcp(5978)).ingress.allowed).to.be.false;
    expect(model.verdict(db, { pod: "default/other" }, tcp(5978)).egress.allowed).to.be.false;
  });
});

describe("verdicts on any scene", () => {
  const scene = fc.tuple(namespaces, pods, policies);

  it("only ever get wider by a policy that selects pods that are isolated already", () => {
    fc.assert(
      fc.property(scene, policies, ([namespaces, pods, some], more) => {
        const closed = [policy("a/deny", denyAll), policy("b/deny", denyAll)];
        const before = createModel([...namespaces, ...pods, ...closed, ...some]);
        const after = createModel([...namespaces, ...pods, ...closed, ...some, ...more]);
        forAll(pods, (from, to, port) => {
          if (before.verdict(from, to, port).allowed) {
            expect(after.verdict(from, to, port).allowed).to.be.true;
          }
        });
      }),
    );
  });

  it("do not depend on the order of the objects", () => {
    fc.assert(
      fc.property(scene, ([namespaces, pods, policies]) => {
        const objects = [...namespaces, ...pods, ...policies];
        const model = createModel(objects);
        const reversed = createModel(objects.toReversed());
        forAll(pods, (from, to, port) => {
          expect(reversed.verdict(from, to, port)).to.deep.equal(model.verdict(from, to, port));
        });
      }),
    );
  });

  it("name a rule if and only if a policy isolates, and both sides decide", () => {
    fc.assert(
      fc.property(scene, ([namespaces, pods, policies]) => {
        const model = createModel([...namespaces, ...pods, ...policies]);
        const open = createModel([...namespaces, ...pods]);
        forAll(pods, (from, to, port) => {
          const { allowed, egress, ingress } = model.verdict(from, to, port);
          expect(allowed).to.equal(egress.allowed && ingress.allowed);
          expect(egress.allowed || egress.by.length > 0).to.be.true;
          expect(open.verdict(from, to, port).allowed).to.be.true;
        });
      }),
    );
  });
});

function forAll(
  pods: Parameters<typeof endpointsOf>[0],
  check: (from: Endpoint, to: Endpoint, port: TargetPort) => void,
): void {
  const endpoints = endpointsOf(pods);
  for (const from of endpoints) {
    for (const to of endpoints) {
      targetPorts.forEach((port) => check(from, to, port));
    }
  }
}
