import { bent } from "../support/apiRequests";
import { type Attack, type Attempt, attemptsBy } from "./attack";
import {
  holePorts,
  newDefaultDeny,
  newDns,
  newHole,
  newSameEnvironment,
  peerNamed,
} from "./pipelineRequests";
import { bare } from "./places";
import { fence } from "./reasons";
import { byApi, type Refusal } from "./refusal";

/** What pipelines open by network policies. */

function hole(direction: "ingress" | "egress", peers: readonly object[]) {
  const [own, side] = direction === "ingress" ? ["Ingress", "from"] : ["Egress", "to"];
  const spec = { policyTypes: [own], ingress: null, egress: null };
  const rule = { [side]: peers, ports: holePorts };
  return bent(newHole(bare), { spec: { ...spec, [direction]: [rule] } });
}

const legitimateHole = newHole(bare);

/** IPv4 in another form, which is one of IPv6 to whoever reads it as text. */
const disguised = {
  what: "opens egress for the metadata service by an address of IPv4 in IPv6",
  harm: "the node's identity in the cloud would be stolen",
  request: hole("egress", [{ ipBlock: { cidr: "::ffff:169.254.169.254/128" } }]),
  refusal: byApi(422, "must not have an IPv4-mapped IPv6 address"),
};

type Opening = readonly [what: string, harm: string, peers: readonly object[]];

const addresses = (cidr: string, ...except: readonly string[]) => ({
  ipBlock: except.length === 0 ? { cidr } : { cidr, except },
});

/** Peers that are everybody, or whoever says so. */
const vaguePeers: readonly Opening[] = [
  [
    "every namespace",
    "everything would be reached",
    [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "database" } } }],
  ],
  [
    "namespaces by a label that anybody sets",
    "whoever sets the label would be reached",
    [{ ...peerNamed("databases"), namespaceSelector: { matchLabels: { team: "shop" } } }],
  ],
  [
    "namespaces by the name of all but one",
    "everything would be reached",
    [{ ...peerNamed("databases"), namespaceSelector: expression("NotIn", "none") }],
  ],
  [
    "namespaces of several names, production among them",
    "production would be reached",
    [{ ...peerNamed("databases"), namespaceSelector: expression("In", "databases", "production") }],
  ],
];

const protectedPeers: readonly Opening[] = [
  ["production", "its data would be read", [peerNamed("production")]],
  ["staging", "its data would be read", [peerNamed("staging")]],
  [
    "a legitimate peer and production",
    "production's data would be read",
    [peerNamed("databases"), peerNamed("production")],
  ],
];

const listedPeer: Opening = [
  "a namespace that the platform's arguments list",
  "its data would be read",
  [peerNamed("payments")],
];

const protectedAddresses: readonly Opening[] = [
  ["all addresses", "everything would be reached", [addresses("0.0.0.0/0")]],
  [
    "all addresses in two halves",
    "everything would be reached",
    [addresses("0.0.0.0/1"), addresses("128.0.0.0/1")],
  ],
  ["all addresses of IPv6", "everything would be reached", [addresses("::/0")]],
  [
    "the metadata service",
    "the node's identity in the cloud would be stolen",
    [addresses("169.254.169.254/32")],
  ],
  [
    "a range around the metadata service",
    "the node's identity in the cloud would be stolen",
    [addresses("169.254.0.0/16")],
  ],
  [
    "a range without half of the metadata addresses",
    "the node's identity in the cloud would be stolen",
    [addresses("169.254.0.0/16", "169.254.0.0/17")],
  ],
  ["pods by address", "production's pods would be reached", [addresses("10.244.3.0/24")]],
  ["services by address", "production's services would be reached", [addresses("10.96.0.10/32")]],
  ["a protected range", "the office would be reached", [addresses("198.51.100.128/25")]],
];

const ipv6: Opening = [
  "addresses of IPv6",
  "nobody told the platform which of them are the cluster's",
  [addresses("2001:db8:1::/48")],
];
const everybodysAddresses: Opening = [
  "a 128th of all addresses",
  "whoever lets in so many lets in everybody",
  [addresses("8.0.0.0/7")],
];
const privateAddresses: Opening = [
  "a 128th of all addresses, private ones among them",
  "whatever others have at private addresses would be reached",
  [addresses("10.0.0.0/7", "10.96.0.0/16", "10.244.0.0/16")],
];
const nobody: Opening = ["nobody in particular", "a rule without peers is for everybody", []];

const nodes: Opening = ["nodes", "kubelets would be reached", [addresses("192.0.2.7/32")]];
const moreThanNodes: Opening = [
  "the nodes and as many addresses beside them",
  "whoever else is there would be let in under their name",
  [addresses("192.0.2.0/23")],
];
const withAProtectedRange: Opening = [
  "a node and a protected range",
  "the office would be let in under its name",
  [addresses("192.0.2.7/32"), addresses("198.51.100.128/25")],
];

const holeAttempts: readonly Attempt[] = [
  ...inBothDirections([nobody], fence.holeLists),
  ...inBothDirections(vaguePeers, fence.holePeer),
  ...inBothDirections(protectedPeers, fence.holeToProtected),
  ...inBothDirections(protectedAddresses, fence.holeToAddresses),
  ...inBothDirections([ipv6], fence.holeToIpv6),
  opening("egress", nodes, fence.holeToAddresses),
  opening("ingress", everybodysAddresses, fence.holeForEverybody),
  opening("egress", privateAddresses, fence.holeToPrivate),
  {
    what: "opens every port of its databases",
    harm: "administrators' doors would be open",
    request: holeTo(peerNamed("databases")),
    refusal: fence.holeLists,
  },
  {
    what: "opens every port of its databases by a port without a number",
    harm: "administrators' doors would be open",
    request: holeTo(peerNamed("databases"), { protocol: "TCP" }),
    refusal: fence.holeLists,
  },
  {
    what: "opens a port of its databases by a name, which their pods give to any number",
    harm: "administrators' doors would be open",
    request: holeTo(peerNamed("databases"), { port: "sql", protocol: "TCP" }),
    refusal: fence.holeLists,
  },
  ...[
    { port: 53, protocol: "UDP" },
    { port: 853, protocol: "TCP" },
    { port: 1, endPort: 1000, protocol: "TCP" },
  ].map((port) => ({
    what: `opens port ${port.port}${port.endPort === undefined ? "" : ` to ${port.endPort}`} of addresses`,
    harm: "whoever resolves names there would carry any traffic",
    request: holeTo(addresses("203.0.113.0/24"), port),
    refusal: fence.holeToResolvers,
  })),
];

/** Namespaces in which the cluster's own controllers answer; into an environment some may reach. */
const clusterAttempts: readonly Attempt[] = ["default", "kube-system", "openshift-monitoring"].map(
  (namespace) => ({
    what: `opens egress for ${namespace}`,
    harm: "whatever answers there would be asked by anybody in the environment",
    request: hole("egress", [peerNamed(namespace)]),
    refusal: fence.holeToCluster,
  }),
);

function holeTo(peer: object, ...ports: readonly object[]) {
  const rule = ports.length === 0 ? { to: [peer] } : { to: [peer], ports };
  return bent(newHole(bare), { spec: { egress: [rule] } });
}

function inBothDirections(openings: readonly Opening[], refusal: Refusal): Attempt[] {
  return openings.flatMap((row) => [
    opening("egress", row, refusal),
    opening("ingress", row, refusal),
  ]);
}

function opening(
  direction: "ingress" | "egress",
  [what, harm, peers]: Opening,
  refusal: Refusal,
): Attempt {
  const request = hole(direction, peers);
  return { what: `opens ${direction} for ${what}`, harm, request, refusal };
}

function expression(operator: string, ...values: readonly string[]) {
  return { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator, values }] };
}

const wallAttempts: readonly (readonly [
  what: string,
  harm: string,
  request: Attempt["request"],
])[] = [
  [
    "denies by default only to pods with a label",
    "every other pod would be open",
    bent(newDefaultDeny(bare), { spec: { podSelector: { matchLabels: { app: "shop" } } } }),
  ],
  [
    "denies by default only what comes in",
    "everything could leave",
    bent(newDefaultDeny(bare), { spec: { policyTypes: ["Ingress"] } }),
  ],
  [
    "lets everybody in by the policy that denies",
    "everybody would come in",
    bent(newDefaultDeny(bare), { spec: { ingress: [{}] } }),
  ],
  [
    "lets everything out by the policy that denies",
    "everything could leave",
    bent(newDefaultDeny(bare), { spec: { egress: [{}] } }),
  ],
];

const sameEnvironmentAttempts: readonly (readonly [string, string, Attempt["request"]])[] = [
  [
    "calls every namespace the same environment",
    "everybody would come in",
    bent(newSameEnvironment(bare), {
      spec: { ingress: [{ from: [{ namespaceSelector: {}, podSelector: {} }] }] },
    }),
  ],
  [
    "lets the same environment in by a rule without peers",
    "everybody would come in",
    bent(newSameEnvironment(bare), { spec: { ingress: [{}] } }),
  ],
];

const dnsAttempts: readonly (readonly [string, string, Attempt["request"]])[] = [
  [
    "resolves names everywhere",
    "an open port 53 is a tunnel",
    bent(newDns(bare), {
      spec: {
        egress: [
          { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 53, protocol: "UDP" }] },
        ],
      },
    }),
  ],
  [
    "reaches the resolver on every port",
    "the resolver's own doors would be open",
    bent(newDns(bare), {
      spec: {
        egress: [
          {
            to: [
              {
                namespaceSelector: {
                  matchLabels: { "kubernetes.io/metadata.name": "kube-system" },
                },
                podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
              },
            ],
          },
        ],
      },
    }),
  ],
  [
    "takes all of kube-system for the resolver",
    "the system would be reached",
    bent(newDns(bare), {
      spec: {
        egress: [
          {
            to: [
              {
                namespaceSelector: {
                  matchLabels: { "kubernetes.io/metadata.name": "kube-system" },
                },
              },
            ],
            ports: [{ port: 53, protocol: "UDP" }],
          },
        ],
      },
    }),
  ],
];

const nodeAttempts: readonly Attempt[] = [moreThanNodes, withAProtectedRange].map((peers) =>
  opening("ingress", peers, fence.holeToAddresses),
);

/** What pipelines open where the platform knows the addresses of the nodes. */
export const nodeHoleAttacks: readonly Attack[] = attemptsBy(
  "shopPipeline",
  hole("ingress", nodes[2]),
  nodeAttempts,
);

/** What pipelines open. */
export const networkPolicyAttacks: readonly Attack[] = [
  ...attemptsBy("shopPipeline", legitimateHole, [...holeAttempts, disguised]),
  ...attemptsBy("shopPipeline", hole("ingress", [peerNamed("kube-system")]), clusterAttempts),
  ...attemptsBy("shopPipeline", newDefaultDeny(bare), wallAttempts.map(toAttempt)),
  ...attemptsBy("shopPipeline", newSameEnvironment(bare), sameEnvironmentAttempts.map(toAttempt)),
  ...attemptsBy("shopPipeline", newDns(bare), dnsAttempts.map(toAttempt)),
  ...(["shopIdentityProvider", "secondAccount", "almightyPipeline"] as const).flatMap((who) =>
    attemptsBy(who, newDefaultDeny(bare), wallAttempts.map(toAttempt).slice(2)),
  ),
];

/** What they open of what a platform protects by its arguments alone. */
export const listedPeerAttacks = attemptsBy(
  "shopPipeline",
  legitimateHole,
  inBothDirections([listedPeer], fence.holeToProtected),
);

function toAttempt([what, harm, request]: readonly [string, string, Attempt["request"]]): Attempt {
  return { what, harm, request, refusal: fence.networkWall };
}
