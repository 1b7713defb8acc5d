import {
  type ConformanceCase,
  labelled,
  named,
  namespace,
  pod,
  policy,
  reaches,
  servers,
} from "./case";

const db = labelled({ role: "db" });
const client = labelled({ role: "client" });
const alice = labelled({ user: "alice" });
const bothDirections = ["Ingress", "Egress"];
const twoNamespaces = servers("x/a", "x/b", "y/a");
const allInX = `
             x/a x/b y/a
        x/a   .   .   .
        x/b   .   .   .
        y/a   .   .   .`;
const nothingIntoX = `
             x/a x/b y/a
        x/a   .   X   .
        x/b   X   .   .
        y/a   X   X   .`;
const nothingOutOfX = `
             x/a x/b y/a
        x/a   .   X   X
        x/b   X   .   X
        y/a   .   .   .`;

const fromAlice = [
  namespace("x"),
  namespace("y", { user: "alice" }),
  pod("x/target", {}),
  pod("x/client", { role: "client" }),
  pod("y/client", { role: "client" }),
  pod("y/other", { role: "other" }),
];

const nodeAddress = "192.168.7.1";
const onHostNetwork = [
  pod("x/a", { role: "client" }),
  {
    ...pod("x/node", { role: "client" }, nodeAddress),
    spec: { hostNetwork: true },
  },
  pod("x/target", { role: "server" }, "10.0.0.3"),
];

/**
 * The examples and statements of
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export const documentationCases: readonly ConformanceCase[] = [
  {
    name: "The NetworkPolicy resource: test-network-policy",
    objects: [
      namespace("default"),
      namespace("mine", { project: "myproject" }),
      namespace("other", { project: "other" }),
      pod("default/db", { role: "db" }, "172.17.1.3"),
      pod("default/front", { role: "frontend" }, "172.17.1.4"),
      pod("default/back", { role: "backend" }, "172.17.1.5"),
      pod("mine/any", {}, "172.17.1.6"),
      pod("other/front", { role: "frontend" }, "172.17.1.7"),
      policy("default/test-network-policy", {
        podSelector: db,
        policyTypes: bothDirections,
        ingress: [
          {
            from: [
              { ipBlock: { cidr: "172.17.0.0/16", except: ["172.17.1.0/24"] } },
              { namespaceSelector: labelled({ project: "myproject" }) },
              { podSelector: labelled({ role: "frontend" }) },
            ],
            ports: [{ protocol: "TCP", port: 6379 }],
          },
        ],
        egress: [
          {
            to: [{ ipBlock: { cidr: "10.0.0.0/24" } }],
            ports: [{ protocol: "TCP", port: 5978 }],
          },
        ],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        6379,
        `
                         default/db
        default/front        .
        default/back         X
        mine/any             .
        other/front          X
        172.16.255.255       X
        172.17.0.0           .
        172.17.0.255         .
        172.17.1.0           X
        172.17.1.255         X
        172.17.2.0           .
        172.17.255.255       .
        172.18.0.0           X
        2001:db8::1          X`,
      ),
      reaches(
        "UDP",
        6379,
        `
                         default/db
        default/front        X
        172.17.0.9           X`,
      ),
      reaches(
        "TCP",
        6380,
        `
                         default/db
        default/front        X
        172.17.0.9           X`,
      ),
      reaches(
        "TCP",
        5978,
        `
                       10.0.0.0 10.0.0.255 10.0.1.0 172.17.0.9 default/front
        default/db         .        .         X          X           X
        default/front      .        .         .          .           .`,
      ),
      reaches(
        "TCP",
        5979,
        `
                       10.0.0.1
        default/db         X`,
      ),
    ],
  },
  {
    name: "namespaceSelector and podSelector: a single element",
    objects: [
      ...fromAlice,
      policy("x/one-element", {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: alice, podSelector: client }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        443,
        `
                  x/target
        x/client     X
        y/client     .
        y/other      X`,
      ),
    ],
  },
  {
    name: "namespaceSelector or podSelector: two elements",
    objects: [
      ...fromAlice,
      policy("x/two-elements", {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: alice }, { podSelector: client }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        443,
        `
                  x/target
        x/client     .
        y/client     .
        y/other      .`,
      ),
    ],
  },
  {
    name: "Default deny all ingress traffic",
    objects: [
      ...twoNamespaces,
      policy("x/default-deny-ingress", { podSelector: {}, policyTypes: ["Ingress"] }),
    ],
    expected: [
      reaches("TCP", 80, nothingIntoX),
      reaches("UDP", 80, nothingIntoX),
      reaches("SCTP", 80, nothingIntoX),
    ],
  },
  {
    name: "Allow all ingress traffic: no additional policy can cause a connection to be denied",
    objects: [
      ...twoNamespaces,
      policy("x/allow-all-ingress", {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{}],
      }),
      policy("x/default-deny-ingress", { podSelector: {}, policyTypes: ["Ingress"] }),
    ],
    expected: [reaches("TCP", 80, allInX), reaches("SCTP", 65535, allInX)],
  },
  {
    name: "Default deny all egress traffic",
    objects: [
      ...twoNamespaces,
      policy("x/default-deny-egress", { podSelector: {}, policyTypes: ["Egress"] }),
    ],
    expected: [
      reaches("TCP", 80, nothingOutOfX),
      reaches("UDP", 80, nothingOutOfX),
      reaches("SCTP", 80, nothingOutOfX),
    ],
  },
  {
    name: "Allow all egress traffic: no additional policy can cause a connection to be denied",
    objects: [
      ...twoNamespaces,
      policy("x/allow-all-egress", { podSelector: {}, policyTypes: ["Egress"], egress: [{}] }),
      policy("x/default-deny-egress", { podSelector: {}, policyTypes: ["Egress"] }),
    ],
    expected: [reaches("TCP", 80, allInX), reaches("SCTP", 65535, allInX)],
  },
  {
    name: "Default deny all ingress and all egress traffic",
    objects: [
      ...twoNamespaces,
      policy("x/default-deny-all", { podSelector: {}, policyTypes: bothDirections }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
                  x/a x/b y/a 203.0.113.1
        x/a        .   X   X      X
        x/b        X   .   X      X
        y/a        X   X   .      .
        203.0.113.1 X  X   .      .`,
      ),
    ],
  },
  {
    name: "Targeting a range of ports: multi-port-egress",
    objects: [
      pod("default/db", { role: "db" }),
      policy("default/multi-port-egress", {
        podSelector: db,
        policyTypes: ["Egress"],
        egress: [
          {
            to: [{ ipBlock: { cidr: "10.0.0.0/24" } }],
            ports: [{ protocol: "TCP", port: 32000, endPort: 32768 }],
          },
        ],
      }),
    ],
    expected: [
      rangeExpectation("TCP", 31999, "X"),
      rangeExpectation("TCP", 32000, "."),
      rangeExpectation("TCP", 32768, "."),
      rangeExpectation("TCP", 32769, "X"),
      rangeExpectation("UDP", 32000, "X"),
    ],
  },
  {
    name: "Targeting multiple namespaces by label: egress-namespaces",
    objects: [
      namespace("frontend", { namespace: "frontend" }),
      namespace("backend", { namespace: "backend" }),
      namespace("unlabelled"),
      pod("default/myapp", { app: "myapp" }),
      pod("frontend/web", {}),
      pod("backend/api", {}),
      pod("unlabelled/api", {}),
      policy("default/egress-namespaces", {
        podSelector: labelled({ app: "myapp" }),
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              {
                namespaceSelector: {
                  matchExpressions: [
                    { key: "namespace", operator: "In", values: ["frontend", "backend"] },
                  ],
                },
              },
            ],
          },
        ],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
                      frontend/web backend/api unlabelled/api
        default/myapp      .            .             X`,
      ),
    ],
  },
  {
    name: "Targeting a Namespace by its name: the label cannot be forged",
    objects: [
      namespace("x"),
      namespace("y"),
      namespace("z", { "kubernetes.io/metadata.name": "y" }),
      ...servers("x/a", "y/a", "z/a"),
      policy("x/from-y", {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: named("y") }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a
        y/a   .
        z/a   X`,
      ),
    ],
  },
  {
    name: "policyTypes: without the list, ingress is isolated even if there are egress rules alone",
    objects: [...twoNamespaces, policy("x/egress-only", { podSelector: {}, egress: [{}] })],
    expected: [reaches("TCP", 80, nothingIntoX)],
  },
  {
    name: "policyTypes: without the list, egress is isolated if there are egress rules",
    objects: [
      ...twoNamespaces,
      policy("x/both", {
        podSelector: {},
        ingress: [{}],
        egress: [{ to: [{ podSelector: {} }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a
        x/a   .   .   X
        x/b   .   .   X
        y/a   .   .   .`,
      ),
    ],
  },
  {
    name: "policyTypes: without the list, an empty list of egress rules does not isolate egress",
    objects: [
      ...twoNamespaces,
      policy("x/no-egress-rules", { podSelector: {}, policyTypes: [], ingress: [], egress: [] }),
    ],
    expected: [reaches("TCP", 80, nothingIntoX)],
  },
  {
    name: "policyTypes: rules of a direction that is not listed have no effect",
    objects: [
      ...twoNamespaces,
      policy("x/egress-listed", { podSelector: {}, policyTypes: ["Egress"], ingress: [{}] }),
    ],
    expected: [reaches("TCP", 80, nothingOutOfX)],
  },
  {
    name: "hostNetwork pods: a policy does not select them",
    objects: [
      ...onHostNetwork,
      policy("x/default-deny-all", { podSelector: {}, policyTypes: bothDirections }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
                    x/a x/node x/target 203.0.113.1
        x/a          .    X       X          X
        x/node       X    .       X          .
        203.0.113.1  X    .       X          .`,
      ),
    ],
  },
  {
    name: "hostNetwork pods: a peer's selectors do not match them",
    objects: [
      ...onHostNetwork,
      policy("x/from-clients", {
        podSelector: labelled({ role: "server" }),
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: client }, { namespaceSelector: {} }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
               x/target
        x/a        .
        x/node     X`,
      ),
    ],
  },
  {
    name: "hostNetwork pods: an ipBlock of their node matches them",
    objects: [
      ...onHostNetwork,
      policy("x/from-node", {
        podSelector: labelled({ role: "server" }),
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ ipBlock: { cidr: `${nodeAddress}/32` } }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
               x/target
        x/a        X
        x/node     .`,
      ),
    ],
  },
];

function rangeExpectation(protocol: "TCP" | "UDP", port: number, cell: "." | "X") {
  return reaches(
    protocol,
    port,
    `
                   10.0.0.7 10.0.1.7
        default/db    ${cell}        X`,
  );
}
