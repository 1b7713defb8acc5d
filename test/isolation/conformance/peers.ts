import {
  type ConformanceCase,
  labelled,
  named,
  namespace,
  policy,
  reaches,
  server,
  servers,
} from "./case";

const podA = labelled({ pod: "a" });
const podB = labelled({ pod: "b" });
const notInX = {
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["x"] }],
};

/**
 * Who is let in, from Kubernetes v1.36.3, test/e2e/network/netpol/network_policy.go: its tests by
 * their names, with their pods, policies and expectations. What a pod reaches of itself is left out
 * there; here a pod always reaches itself.
 */
export const peerCases: readonly ConformanceCase[] = [
  {
    name: "should support a 'default-deny-ingress' policy",
    objects: [
      ...servers("x/a", "x/b", "y/a", "y/b"),
      policy("x/deny-ingress", { podSelector: {}, policyTypes: ["Ingress"], ingress: [] }),
    ],
    expected: [
      reaches(
        "TCP",
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
    name: "should support a 'default-deny-all' policy",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/deny-all", {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a
        x/a   .   X   X
        x/b   X   .   X
        y/a   X   X   .`,
      ),
    ],
  },
  {
    name: "should enforce policy to allow traffic from pods within server namespace based on PodSelector",
    objects: [
      ...servers("x/a", "x/b", "x/c", "y/a"),
      policy("x/x-a-allows-x-b", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: podB }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b x/c y/a
        x/a   .   .   .   .
        x/b   .   .   .   .
        x/c   X   .   .   .
        y/a   X   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy to allow ingress traffic for a target",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/deny-all", { podSelector: {}, policyTypes: ["Ingress"], ingress: [] }),
      policy("x/allow-all-to-a", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: {}, namespaceSelector: {} }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a
        x/a   .   X   .
        x/b   .   .   .
        y/a   .   X   .`,
      ),
    ],
  },
  {
    name: "should enforce policy to allow ingress traffic from pods in all namespaces",
    objects: [
      ...servers("x/a", "x/b", "y/a", "z/a"),
      policy("x/allow-from-another-ns", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: { matchLabels: {} } }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a z/a
        x/a   .   .   .   .
        x/b   .   .   .   .
        y/a   .   .   .   .
        z/a   .   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy to allow traffic only from a different namespace, based on NamespaceSelector",
    objects: [
      ...servers("x/a", "x/b", "y/a", "z/a"),
      policy("x/allow-client-a-via-ns-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: named("y") }] }],
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
    ],
  },
  {
    name: "should enforce policy based on PodSelector with MatchExpressions",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/x-a-allows-x-b", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              {
                podSelector: { matchExpressions: [{ key: "pod", operator: "In", values: ["b"] }] },
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
             x/a x/b y/a
        x/a   .   .   .
        x/b   .   .   .
        y/a   X   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy based on NamespaceSelector with MatchExpressions",
    objects: [
      ...servers("x/a", "x/b", "y/a", "z/a"),
      policy("x/allow-ns-y-match-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              {
                namespaceSelector: {
                  matchExpressions: [
                    { key: "kubernetes.io/metadata.name", operator: "In", values: ["y"] },
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
             x/a x/b y/a z/a
        x/a   .   .   .   .
        x/b   X   .   .   .
        y/a   .   .   .   .
        z/a   X   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy based on PodSelector or NamespaceSelector",
    objects: [
      ...servers("x/a", "x/b", "x/c", "y/a"),
      policy("x/allow-ns-y-match-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: notInX }, { podSelector: podB }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b x/c y/a
        x/a   .   .   .   .
        x/b   .   .   .   .
        x/c   X   .   .   .
        y/a   .   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy based on PodSelector and NamespaceSelector",
    objects: [
      ...servers("x/a", "x/b", "y/a", "y/b", "z/b"),
      policy("x/allow-ns-y-podselector-and-nsselector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: notInX, podSelector: podB }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a y/b z/b
        x/a   .   .   .   .   .
        x/b   X   .   .   .   .
        y/a   X   .   .   .   .
        y/b   .   .   .   .   .
        z/b   .   .   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy based on Multiple PodSelectors and NamespaceSelectors",
    objects: [
      ...servers("x/a", "x/b", "y/a", "y/b", "y/c"),
      policy("x/allow-ns-y-z-pod-b-c", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              {
                namespaceSelector: notInX,
                podSelector: {
                  matchExpressions: [{ key: "pod", operator: "In", values: ["b", "c"] }],
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
             x/a x/b y/a y/b y/c
        x/a   .   .   .   .   .
        x/b   X   .   .   .   .
        y/a   X   .   .   .   .
        y/b   .   .   .   .   .
        y/c   .   .   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy based on any PodSelectors",
    objects: [
      ...servers("x/a", "x/b", "x/c"),
      policy("x/allow-ns-x-pod-b-c", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: podB }, { podSelector: labelled({ pod: "c" }) }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b x/c
        x/a   .   .   .
        x/b   .   .   .
        x/c   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy to allow traffic only from a pod in a different namespace based on PodSelector and NamespaceSelector",
    objects: [
      ...servers("x/a", "x/b", "y/a", "y/b", "z/a"),
      policy("x/allow-ns-y-pod-a-via-namespace-pod-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: named("y"), podSelector: podA }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a y/b z/a
        x/a   .   .   .   .   .
        x/b   X   .   .   .   .
        y/a   .   .   .   .   .
        y/b   X   .   .   .   .
        z/a   X   .   .   .   .`,
      ),
    ],
  },
  {
    name: "should deny ingress from pods on other namespaces",
    objects: [
      ...servers("x/a", "x/b", "y/a", "z/a"),
      policy("x/deny-empty-policy", {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: { matchLabels: {} } }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a z/a
        x/a   .   .   .   .
        x/b   .   .   .   .
        y/a   X   X   .   .
        z/a   X   X   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy to allow traffic based on NamespaceSelector with MatchLabels using default ns label",
    objects: [
      ...["x", "y", "z"].map((name) => namespace(name)),
      ...servers("x/a", "x/b", "y/a", "z/a"),
      policy("x/allow-client-a-via-ns-selector-for-immutable-ns-label", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: named("y") }] }],
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
    ],
  },
  {
    name: "should allow ingress access from updated namespace, before the update",
    objects: [
      namespace("y"),
      ...servers("x/a", "y/a"),
      policy("x/allow-client-a-via-ns-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: labelled({ ns2: "updated" }) }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a y/a
        x/a   .   .
        y/a   X   .`,
      ),
    ],
  },
  {
    name: "should allow ingress access from updated namespace",
    objects: [
      namespace("y", { ns2: "updated" }),
      ...servers("x/a", "y/a"),
      policy("x/allow-client-a-via-ns-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: labelled({ ns2: "updated" }) }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a y/a
        x/a   .   .
        y/a   .   .`,
      ),
    ],
  },
  {
    name: "should allow ingress access from updated pod, before the update",
    objects: [
      ...servers("x/a", "x/b"),
      policy("x/allow-client-a-via-pod-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: labelled({ pod: "b", pod2: "updated" }) }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b
        x/a   .   .
        x/b   X   .`,
      ),
    ],
  },
  {
    name: "should allow ingress access from updated pod",
    objects: [
      server("x/a"),
      server("x/b", { pod2: "updated" }),
      policy("x/allow-client-a-via-pod-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: labelled({ pod: "b", pod2: "updated" }) }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b
        x/a   .   .
        x/b   .   .`,
      ),
    ],
  },
  {
    name: "should deny ingress access to updated pod, before the update",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/deny-ingress-via-label-selector", {
        podSelector: labelled({ target: "isolated" }),
        policyTypes: ["Ingress"],
        ingress: [],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a y/a
        x/a   .   .
        y/a   .   .`,
      ),
    ],
  },
  {
    name: "should deny ingress access to updated pod",
    objects: [
      server("x/a", { target: "isolated" }),
      server("y/a"),
      policy("x/deny-ingress-via-label-selector", {
        podSelector: labelled({ target: "isolated" }),
        policyTypes: ["Ingress"],
        ingress: [],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a y/a
        x/a   .   .
        y/a   X   .`,
      ),
    ],
  },
];
