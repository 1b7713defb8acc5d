import { type ConformanceCase, labelled, named, policy, reaches, servers } from "./case";

const podA = labelled({ pod: "a" });
const onlyFromYOnPort81 = policy("x/allow-client-a-via-ns-selector", {
  podSelector: podA,
  policyTypes: ["Ingress"],
  ingress: [{ from: [{ namespaceSelector: named("y") }], ports: [{ port: 81, protocol: "TCP" }] }],
});
const onlyFromYOnPort80 = policy("x/allow-client-a-via-ns-selector-80", {
  podSelector: podA,
  policyTypes: ["Ingress"],
  ingress: [{ from: [{ namespaceSelector: named("y") }], ports: [{ port: 80, protocol: "TCP" }] }],
});
const xAForY = `
             x/a x/b y/a y/b z/a
        x/a   .   .   .   .   .
        x/b   X   .   .   .   .
        y/a   .   .   .   .   .
        y/b   .   .   .   .   .
        z/a   X   .   .   .   .`;
const xAForNobody = `
             x/a x/b y/a y/b z/a
        x/a   .   .   .   .   .
        x/b   X   .   .   .   .
        y/a   X   .   .   .   .
        y/b   X   .   .   .   .
        z/a   X   .   .   .   .`;
const everything = `
             x/a x/b y/a
        x/a   .   .   .
        x/b   .   .   .
        y/a   .   .   .`;
const nothingIntoX = `
             x/a y/a
        x/a   .   .
        y/a   X   .`;
const everythingOfTwo = `
             x/a y/a
        x/a   .   .
        y/a   .   .`;

/**
 * On which ports, and how policies add up, from Kubernetes v1.36.3,
 * test/e2e/network/netpol/network_policy.go.
 */
export const portCases: readonly ConformanceCase[] = [
  {
    name: "should enforce policy based on Ports",
    objects: [...servers("x/a", "x/b", "y/a", "y/b", "z/a"), onlyFromYOnPort81],
    expected: [reaches("TCP", 81, xAForY)],
  },
  {
    name: "should enforce multiple, stacked policies with overlapping podSelectors, the first policy alone",
    objects: [...servers("x/a", "x/b", "y/a", "y/b", "z/a"), onlyFromYOnPort81],
    expected: [reaches("TCP", 81, xAForY), reaches("TCP", 80, xAForNobody)],
  },
  {
    name: "should enforce multiple, stacked policies with overlapping podSelectors",
    objects: [...servers("x/a", "x/b", "y/a", "y/b", "z/a"), onlyFromYOnPort81, onlyFromYOnPort80],
    expected: [reaches("TCP", 80, xAForY)],
  },
  {
    name: "should support allow-all policy",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/allow-all", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Ingress"],
        ingress: [{}],
      }),
    ],
    expected: [reaches("TCP", 80, everything), reaches("TCP", 81, everything)],
  },
  {
    name: "should allow ingress access on one named port",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/allow-all", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ port: "serve-81-tcp" }] }],
      }),
    ],
    expected: [
      reaches("TCP", 81, everything),
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a
        x/a   .   X   .
        x/b   X   .   .
        y/a   X   X   .`,
      ),
    ],
  },
  {
    name: "should allow ingress access from namespace on one named port",
    objects: [
      ...servers("x/a", "x/b", "y/a", "z/a"),
      policy("x/allow-client-a-via-ns-selector-80", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [{ namespaceSelector: named("y") }],
            ports: [{ port: "serve-80-tcp", protocol: "TCP" }],
          },
        ],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a z/a
        x/a   .   .   .   .
        x/b   X   .   .   .
        y/a   .   .   .   .
        z/a   X   .   .   .`,
      ),
      reaches(
        "TCP",
        81,
        `
             x/a x/b y/a z/a
        x/a   .   .   .   .
        x/b   X   .   .   .
        y/a   X   .   .   .
        z/a   X   .   .   .`,
      ),
    ],
  },
  {
    name: "should allow egress access on one named port",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-egress", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Egress"],
        egress: [{ ports: [{ port: "serve-80-tcp" }] }],
      }),
    ],
    expected: [
      reaches("TCP", 80, everythingOfTwo),
      reaches(
        "TCP",
        81,
        `
             x/a y/a
        x/a   .   X
        y/a   .   .`,
      ),
    ],
  },
  {
    name: "should enforce updated policy, before the update",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-all-mutate-to-deny-all", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Ingress"],
        ingress: [{}],
      }),
    ],
    expected: [reaches("TCP", 81, everythingOfTwo)],
  },
  {
    name: "should enforce updated policy",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-all-mutate-to-deny-all", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Ingress"],
        ingress: [],
      }),
    ],
    expected: [reaches("TCP", 81, nothingIntoX)],
  },
  {
    name: "should enforce ingress policy allowing any port traffic to a server on a specific protocol",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-ingress-by-proto", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ protocol: "TCP" }] }],
      }),
    ],
    expected: [reaches("TCP", 80, everythingOfTwo), reaches("UDP", 80, nothingIntoX)],
  },
  {
    name: "should enforce multiple ingress policies with ingress allow-all policy taking precedence, the first policy alone",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-ingress-port-80", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ port: 80 }] }],
      }),
    ],
    expected: [reaches("TCP", 81, nothingIntoX)],
  },
  {
    name: "should enforce multiple ingress policies with ingress allow-all policy taking precedence",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-ingress-port-80", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ port: 80 }] }],
      }),
      policy("x/allow-ingress", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Ingress"],
        ingress: [{}],
      }),
    ],
    expected: [reaches("TCP", 81, everythingOfTwo)],
  },
  {
    name: "should not mistakenly treat 'protocol: SCTP' as 'protocol: TCP', even if the plugin doesn't support SCTP",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/deny-ingress", { podSelector: {}, policyTypes: ["Ingress"], ingress: [] }),
      policy("x/allow-only-sctp-ingress-on-port-81", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ port: 81, protocol: "SCTP" }] }],
      }),
    ],
    expected: [reaches("TCP", 81, nothingIntoX)],
  },
  {
    name: "should properly isolate pods that are selected by a policy allowing SCTP, even if the plugin doesn't support SCTP",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-only-sctp-ingress-on-port-80", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ port: 80, protocol: "SCTP" }] }],
      }),
    ],
    expected: [reaches("TCP", 81, nothingIntoX)],
  },
  {
    name: "should not allow access by TCP when a policy specifies only UDP",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-only-udp-ingress-on-port-81", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ ports: [{ port: 81, protocol: "UDP" }] }],
      }),
    ],
    expected: [reaches("TCP", 81, nothingIntoX)],
  },
  ...(["UDP", "SCTP"] as const).flatMap((protocol) => protocolCases(protocol)),
];

function protocolCases(protocol: "UDP" | "SCTP"): ConformanceCase[] {
  const using = `NetworkPolicy between server and client using ${protocol}`;
  return [
    {
      name: `${using} should support a 'default-deny-ingress' policy`,
      objects: [
        ...servers("x/a", "x/b", "y/a", "y/b"),
        policy("x/deny-all", { podSelector: {}, policyTypes: ["Ingress"], ingress: [] }),
      ],
      expected: [
        reaches(
          protocol,
          80,
          `
             x/a x/b y/a y/b
        x/a   .   X   .   .
        x/b   X   .   .   .
        y/a   X   X   .   .
        y/b   X   X   .   .`,
        ),
      ],
    },
    {
      name: `${using} should enforce policy based on Ports`,
      objects: [
        ...servers("x/a", "x/b", "y/a", "z/a"),
        policy("x/allow-ingress-on-port-81-ns-x", {
          podSelector: podA,
          policyTypes: ["Ingress"],
          ingress: [{ from: [{ namespaceSelector: named("y") }], ports: [{ port: 81, protocol }] }],
        }),
      ],
      expected: [
        reaches(
          protocol,
          81,
          `
             x/a x/b y/a z/a
        x/a   .   .   .   .
        x/b   X   .   .   .
        y/a   .   .   .   .
        z/a   X   .   .   .`,
        ),
      ],
    },
    {
      name: `${using} should enforce policy to allow traffic only from a pod in a different namespace based on PodSelector and NamespaceSelector`,
      objects: [
        ...servers("x/a", "x/b", "y/a"),
        policy("x/allow-ns-y-pod-a-via-namespace-pod-selector", {
          podSelector: podA,
          policyTypes: ["Ingress"],
          ingress: [{ from: [{ namespaceSelector: named("y"), podSelector: podA }] }],
        }),
      ],
      expected: [
        reaches(
          protocol,
          80,
          `
             x/a x/b y/a
        x/a   .   .   .
        x/b   X   .   .
        y/a   .   .   .`,
        ),
      ],
    },
  ];
}
