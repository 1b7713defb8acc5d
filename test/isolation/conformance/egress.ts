import {
  addressOf,
  type ConformanceCase,
  ipv6AddressOf,
  labelled,
  named,
  policy,
  reaches,
  server,
  servers,
} from "./case";

const podA = labelled({ pod: "a" });
const podB = labelled({ pod: "b" });
const bothDirections = ["Egress", "Ingress"];
const fromXAToYAOnly = policy("x/allow-to-ns-y-pod-a", {
  podSelector: podA,
  policyTypes: ["Egress"],
  egress: [{ to: [{ namespaceSelector: named("y"), podSelector: podA }] }],
});
const fromXA = [{ from: [{ namespaceSelector: named("x"), podSelector: podA }] }];

/**
 * Who is let out, from Kubernetes v1.36.3, test/e2e/network/netpol/network_policy.go. The tests
 * about address blocks are run there on clusters of either address family.
 */
export const egressCases: readonly ConformanceCase[] = [
  {
    name: "should deny egress from pods based on PodSelector",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/deny-egress-pod-a", { podSelector: podA, policyTypes: ["Egress"], egress: [] }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a
        x/a   .   X   X
        x/b   .   .   .
        y/a   .   .   .`,
      ),
    ],
  },
  {
    name: "should deny egress from all pods in a namespace",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/deny-egress-ns-x", { podSelector: {}, policyTypes: ["Egress"], egress: [] }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a
        x/a   .   X   X
        x/b   X   .   X
        y/a   .   .   .`,
      ),
    ],
  },
  {
    name: "should work with Ingress, Egress specified together",
    objects: [
      ...servers("x/a", "x/b", "x/c", "y/a"),
      policy("x/allow-client-a-via-pod-selector", {
        podSelector: podA,
        policyTypes: bothDirections,
        ingress: [{ from: [{ podSelector: podB }] }],
        egress: [{ ports: [{ port: 80 }] }],
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
      reaches(
        "TCP",
        81,
        `
             x/a x/b x/c y/a
        x/a   .   X   X   X
        x/b   .   .   .   .
        x/c   X   .   .   .
        y/a   X   .   .   .`,
      ),
    ],
  },
  {
    name: "should support denying of egress traffic on the client side (even if the server explicitly allows this traffic)",
    objects: [
      ...servers("x/a", "y/a", "y/b"),
      fromXAToYAOnly,
      policy("y/allow-from-xa-on-ya-match-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: fromXA,
      }),
      policy("y/allow-from-xa-on-yb-match-selector", {
        podSelector: podB,
        policyTypes: ["Ingress"],
        ingress: fromXA,
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a y/a y/b
        x/a   .   .   X
        y/a   .   .   X
        y/b   .   X   .`,
      ),
    ],
  },
  {
    name: "should enforce egress policy allowing traffic to a server in a different namespace based on PodSelector and NamespaceSelector",
    objects: [...servers("x/a", "y/a", "y/b"), fromXAToYAOnly],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a y/a y/b
        x/a   .   .   X
        y/a   .   .   .
        y/b   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce multiple egress policies with egress allow-all policy taking precedence, the first policy alone",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-egress-port-80", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Egress"],
        egress: [{ ports: [{ port: 80 }] }],
      }),
    ],
    expected: [
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
    name: "should enforce multiple egress policies with egress allow-all policy taking precedence",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/allow-egress-port-80", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Egress"],
        egress: [{ ports: [{ port: 80 }] }],
      }),
      policy("x/allow-egress", {
        podSelector: { matchLabels: {} },
        policyTypes: ["Egress"],
        egress: [{}],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        81,
        `
             x/a y/a
        x/a   .   .
        y/a   .   .`,
      ),
    ],
  },
  {
    name: "should stop enforcing policies after they are deleted, before the deletion",
    objects: [
      ...servers("x/a", "y/a"),
      policy("x/deny-all", {
        podSelector: {},
        policyTypes: bothDirections,
        ingress: [],
        egress: [],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a y/a
        x/a   .   X
        y/a   X   .`,
      ),
    ],
  },
  {
    name: "should stop enforcing policies after they are deleted",
    objects: servers("x/a", "y/a"),
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
    name: "should enforce policies to check ingress and egress policies can be controlled independently based on PodSelector, the first policy alone",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/allow-egress-for-target", {
        podSelector: podA,
        policyTypes: ["Egress"],
        egress: [{}],
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
        y/a   .   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policies to check ingress and egress policies can be controlled independently based on PodSelector",
    objects: [
      ...servers("x/a", "x/b", "y/a"),
      policy("x/allow-egress-for-target", {
        podSelector: podA,
        policyTypes: ["Egress"],
        egress: [{}],
      }),
      policy("x/deny-ingress-via-label-selector", {
        podSelector: podA,
        policyTypes: ["Ingress"],
        ingress: [],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
             x/a x/b y/a
        x/a   .   .   .
        x/b   X   .   .
        y/a   X   .   .`,
      ),
    ],
  },
  {
    name: "should enforce policy based on NamespaceSelector with MatchExpressions using default ns label",
    objects: [
      ...servers("x/a", "x/b", "y/a", "z/a"),
      policy("x/allow-ns-y-match-selector-for-immutable-ns-label", {
        podSelector: podA,
        policyTypes: ["Egress"],
        egress: [
          {
            to: [
              {
                namespaceSelector: {
                  matchExpressions: [
                    { key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["y"] },
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
        x/a   .   .   X   .
        x/b   .   .   .   .
        y/a   .   .   .   .
        z/a   .   .   .   .`,
      ),
    ],
  },
  ...addressBlockCases("IPv4", addressOf, "0.0.0.0/4", 32),
  ...addressBlockCases("IPv6", ipv6AddressOf, "f000::/4", 128),
];

/** The wide range is the one of 4 leading bits around every pod. */
function addressBlockCases(
  family: string,
  address: (fullName: string) => string,
  wideRange: string,
  bits: number,
): ConformanceCase[] {
  const serversOfFamily = (...fullNames: readonly string[]) =>
    fullNames.map((fullName) => server(fullName, {}, address(fullName)));
  const onlyTo = (ipBlock: { cidr: string; except?: string[] }) =>
    policy("x/allow-client-a-via-cidr-egress-rule", {
      podSelector: podA,
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock }] }],
    });
  const exceptXB = onlyTo({ cidr: wideRange, except: [`${address("x/b")}/${bits}`] });
  const everythingButXB = `
             x/a x/b x/c
        x/a   .   X   .
        x/b   .   .   .
        x/c   .   .   .`;
  return [
    {
      name: `should allow egress access to server in CIDR block (${family})`,
      objects: [
        ...serversOfFamily("x/a", "y/a", "y/b"),
        onlyTo({ cidr: `${address("y/b")}/${bits}` }),
      ],
      expected: [
        reaches(
          "TCP",
          80,
          `
             x/a y/a y/b
        x/a   .   X   .
        y/a   .   .   .
        y/b   .   .   .`,
        ),
      ],
    },
    {
      name: `should enforce except clause while egress access to server in CIDR block (${family})`,
      objects: [...serversOfFamily("x/a", "x/b", "x/c"), exceptXB],
      expected: [reaches("TCP", 80, everythingButXB)],
    },
    {
      name: `should ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed, before the update (${family})`,
      objects: [...serversOfFamily("x/a", "x/b", "x/c"), exceptXB],
      expected: [reaches("TCP", 80, everythingButXB)],
    },
    {
      name: `should ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed (${family})`,
      objects: [
        ...serversOfFamily("x/a", "x/b", "x/c"),
        onlyTo({ cidr: `${address("x/b")}/${bits}` }),
      ],
      expected: [
        reaches(
          "TCP",
          80,
          `
             x/a x/b x/c
        x/a   .   .   X
        x/b   .   .   .
        x/c   .   .   .`,
        ),
      ],
    },
  ];
}
