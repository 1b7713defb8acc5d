import { expect } from "chai";
import { networkPoliciesNameTheirPeers } from "#policy/policies/networkPeers";
import { networkPoliciesNameTheirPorts } from "#policy/policies/networkPorts";
import { networkPoliciesSpareWhatIsProtected } from "#policy/policies/networkProtection";
import { pulumiPoliciesOf } from "#policy/policyPack";
import { describePolicy, secretText } from "./support/policyCases";
import {
  type AnalyzedResource,
  analyzeResource,
  secretValue,
  unknownText,
} from "./support/policyAnalyzer";

const nameLabel = "kubernetes.io/metadata.name";
const kubeDns = {
  namespaceSelector: { matchLabels: { [nameLabel]: "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

function networkPolicy(spec: unknown, type = "NetworkPolicy"): AnalyzedResource {
  return {
    type: `kubernetes:networking.k8s.io/v1:${type}`,
    name: "shop",
    properties: { metadata: { name: "shop", namespace: "review-login" }, spec },
  };
}

const both = ["Ingress", "Egress"];
const from = (...peers: unknown[]) =>
  networkPolicy({ podSelector: {}, policyTypes: both, ingress: [{ from: peers }] });
const to = (...peers: unknown[]) =>
  networkPolicy({ podSelector: {}, policyTypes: both, egress: [{ to: peers }] });
const ports = (...numbers: number[]) => numbers.map((port) => ({ port, protocol: "UDP" }));
const toOn = (peer: unknown, entries: unknown) =>
  networkPolicy({ podSelector: {}, policyTypes: both, egress: [{ to: [peer], ports: entries }] });
const block = (cidr: unknown, ...except: unknown[]) => ({ ipBlock: { cidr, except } });
const namespaces = (...matchExpressions: unknown[]) => ({
  namespaceSelector: { matchExpressions },
});
const byName = (operator: string, ...values: unknown[]) => ({ key: nameLabel, operator, values });

const notPublic = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "168.63.129.16/32",
  "192.0.0.192/32",
];
const upperNotPublic = notPublic.filter((cidr) => !/^10[.]|^100[.]/.test(cidr));
const notPublicIpv6 = ["fc00::/7", "fe80::/10"];

describePolicy(networkPoliciesNameTheirPeers, [
  {
    it: "lets a policy close both directions",
    resources: networkPolicy({ podSelector: {}, policyTypes: both }),
  },
  {
    it: "takes empty lists of rules for none",
    resources: networkPolicy({ ingress: [], egress: [] }),
  },
  { it: "lets the pods of the namespace itself be peers", resources: from({ podSelector: {} }) },
  { it: "lets pods of a namespace by its name be peers", resources: to(kubeDns) },
  {
    it: "lets several names be peers, however they are narrowed",
    resources: from(
      namespaces(byName("In", "a", "b"), byName("NotIn", "a"), { key: "team", operator: "Exists" }),
    ),
  },
  {
    it: "lets a range be a peer that somebody owns",
    resources: [to(block("203.0.113.0/24")), from(block("2001:db8::/32"))],
  },
  {
    it: "says nothing about other kinds",
    resources: {
      ...from(),
      type: "kubernetes:crd.projectcalico.org/v1:NetworkPolicy",
    },
  },
  {
    it: "says nothing about what is left out of the update",
    resources: { ...from(), properties: {} },
  },
  {
    it: "refuses a rule without peers, in both directions",
    resources: networkPolicy({ policyTypes: both, ingress: [{}], egress: [{ to: [] }] }),
    finds: [
      "NetworkPolicy shop: spec.ingress[0].from is missing or empty, so it opens the pods to everyone",
      "spec.egress[0].to is missing or empty, so it opens the pods towards everyone",
    ],
  },
  {
    it: "goes by what a policy means: rules of a direction that it is not about open nothing",
    resources: networkPolicy({ podSelector: {}, policyTypes: ["Egress"], ingress: [{}] }),
  },
  {
    it: "refuses patches and older versions that open to everyone",
    resources: [
      networkPolicy({ ingress: [{}] }, "NetworkPolicyPatch"),
      {
        ...networkPolicy({ ingress: [{}] }),
        type: "kubernetes:extensions/v1beta1:NetworkPolicy",
      },
    ],
    finds: ["spec.ingress[0].from", "spec.ingress[0].from"],
  },
  {
    it: "refuses an empty namespaceSelector, also next to a podSelector",
    resources: from(
      { namespaceSelector: {} },
      { namespaceSelector: {}, podSelector: { matchLabels: { app: "x" } } },
    ),
    finds: [
      "spec.ingress[0].from[0].namespaceSelector is empty",
      "spec.ingress[0].from[1].namespaceSelector is empty",
    ],
  },
  {
    it: "refuses selectors that only rule some namespaces out",
    resources: from(
      namespaces(byName("NotIn", "staging")),
      namespaces({ key: "team", operator: "DoesNotExist" }),
      namespaces(byName("Exists")),
    ),
    finds: [
      "from[0].namespaceSelector only rules some namespaces out",
      "from[1].namespaceSelector only rules some namespaces out",
      "from[2].namespaceSelector only rules some namespaces out",
    ],
  },
  {
    it: "refuses labels that can be forged",
    resources: to(
      { namespaceSelector: { matchLabels: { team: secretValue(secretText) } } },
      namespaces({ key: "team", operator: "Exists" }),
    ),
    finds: [
      "to[0].namespaceSelector goes by labels that whoever makes a namespace may give it",
      "to[1].namespaceSelector goes by labels",
    ],
  },
  {
    it: "refuses the whole internet, to and from",
    resources: [to(block("0.0.0.0/0")), from(block("0.0.0.0/0", ...notPublic)), to(block("::/0"))],
    finds: [
      "spec.egress[0].to[0].ipBlock.cidr holds so many addresses that it is open to everyone, also to 169.254.0.0/16 (the link-local addresses, where clouds serve metadata), ",
      "spec.ingress[0].from[0].ipBlock.cidr holds so many addresses that it opens the pods to everyone",
      "also to fe80::/10",
    ],
  },
  {
    it: "lets the internet be a peer without private and metadata addresses",
    resources: [to(block("0.0.0.0/0", ...notPublic)), to(block("::/0", ...notPublicIpv6))],
  },
  {
    it: "judges addresses, not texts: halves of the internet are the internet",
    resources: [
      to(block("0.0.0.0/1"), block("128.0.0.0/1", ...upperNotPublic)),
      to(block("4.0.0.0/8"), block("10.0.0.0/9")),
      from(block("4.0.0.0/8"), block("5.0.0.0/8")),
    ],
    finds: ["to[0].ipBlock.cidr holds so", "spec.egress holds so", "spec.ingress holds so"],
  },
  {
    it: "lets ranges of a single owner be peers together",
    resources: to(block("4.0.0.0/9"), block("4.128.0.0/9")),
  },
  {
    it: "refuses whole private ranges as long as nobody says where the cluster is",
    resources: [
      to(block("10.0.0.0/8")),
      from(block("192.168.0.0/17"), block("192.168.128.0/17"), block("203.0.113.0/24")),
      to(block("10.20.0.0/16")),
    ],
    finds: [
      "to[0].ipBlock.cidr holds addresses of the cluster: 10.0.0.0/8 (the private addresses)",
      "spec.ingress holds addresses of the cluster: 192.168.0.0/16",
    ],
  },
  {
    it: "refuses ranges of the cluster by the setting, but for its resolver",
    resources: [
      to(block("10.0.0.0/8")),
      to(block("10.96.0.0/16")),
      to(block("10.96.0.10/32")),
      to(block("10.97.0.0/24")),
    ],
    settings: { clusterCidrs: ["10.96.0.0/12"] },
    finds: ["10.96.0.0/12 (clusterCidrs[0])", "10.96.0.0/12 (clusterCidrs[0])"],
  },
  {
    it: "lets a whole private range be a peer where the cluster has another",
    resources: to(block("10.0.0.0/8")),
    settings: { clusterCidrs: ["172.16.0.0/16"] },
  },
  {
    it: "names three of the ranges that stay open, and counts the others",
    resources: [
      to(block("0.0.0.0/0", ...notPublic.slice(3))),
      to(block("0.0.0.0/0", ...notPublic.slice(4))),
    ],
    finds: [
      "192.168.0.0/16 (the private addresses). Give",
      "172.16.0.0/12 (the private addresses), 2 more. Give",
    ],
  },
  {
    it: "refuses the internet with ranges that the settings protect",
    resources: to(block("0.0.0.0/0", ...notPublic)),
    settings: { protectedCidrs: ["203.0.113.0/24"], clusterCidrs: ["198.51.100.0/24"] },
    finds: ["198.51.100.0/24 (clusterCidrs[0]), 203.0.113.0/24 (protectedCidrs[0])"],
  },
  {
    it: "refuses everything while a setting is none",
    resources: networkPolicy({ podSelector: {} }),
    settings: { clusterCidrs: ["10.0.0.1/8"], protectedCidrs: ["x"] },
    finds: [
      "is not judged, as the setting clusterCidrs[0] is not a range of addresses",
      "setting protectedCidrs[0]",
    ],
  },
  {
    it: "refuses what is not known yet, and goes on",
    resources: networkPolicy({
      podSelector: { matchLabels: { app: unknownText } },
      policyTypes: both,
      ingress: [
        {
          from: [
            block(unknownText),
            { namespaceSelector: { matchLabels: { [nameLabel]: unknownText } } },
            { namespaceSelector: {} },
          ],
        },
      ],
      egress: unknownText,
    }),
    finds: [
      "spec.podSelector.matchLabels is not known before the update, so nobody can tell whom it opens",
      "spec.ingress[0].from[0].ipBlock.cidr is not known",
      "spec.ingress[0].from[1].namespaceSelector.matchLabels is not known",
      "spec.egress is not known",
      "spec.ingress[0].from[2].namespaceSelector is empty",
    ],
  },
  {
    it: "still sees the label that can be forged next to one that is not known",
    resources: from({ namespaceSelector: { matchLabels: { team: "x", tier: unknownText } } }),
    finds: ["namespaceSelector.matchLabels is not known", "namespaceSelector goes by labels"],
  },
  {
    it: "refuses a specification that is not known",
    resources: networkPolicy(unknownText),
    finds: ["spec is not known"],
  },
  {
    it: "refuses wrong types, and quotes nothing",
    resources: networkPolicy({
      ingress: secretValue(secretText),
      egress: [
        { to: [{ ipBlock: { cidr: secretValue(secretText) } }, block("10.0.0.0/24", secretText)] },
      ],
    }),
    finds: [
      "spec.ingress is no list of rules",
      "spec.egress[0].to[0].ipBlock.cidr is no range",
      "spec.egress[0].to[1].ipBlock.except[0] is no range",
    ],
  },
]);

const fromOn = (peer: unknown, entries: unknown) =>
  networkPolicy({
    podSelector: {},
    policyTypes: both,
    ingress: [{ from: [peer], ports: entries }],
  });
const outside = block("203.0.113.0/24");
const shop = namespaces(byName("In", "shop"));
const https = [{ port: 443, protocol: "TCP" }];
const missingPorts = (rule: string) => `spec.${rule}.ports is missing, or leaves a port out`;
const tunnel = "spec.egress[0].ports opens name resolution (53 or 853) to addresses that are no";

describePolicy(networkPoliciesNameTheirPorts, [
  { it: "lets a policy close everything", resources: networkPolicy({ podSelector: {} }) },
  {
    it: "lets pods of the namespace itself have every port, and the probes of a mesh",
    resources: [
      from({ podSelector: {} }),
      to({ podSelector: {} }),
      from(block("169.254.7.127/32")),
    ],
  },
  {
    it: "lets listed ports be open, by name, number and range",
    resources: [
      toOn(outside, https),
      toOn(outside, [{ port: 1000, endPort: 65_535 }]),
      toOn(shop, [{ port: "http" }, { port: 53, protocol: "UDP" }]),
      fromOn(outside, [{ port: 53 }, { port: "dns" }]),
    ],
  },
  {
    it: "refuses resolvers with ports beside those of names, by a range or a name",
    resources: [
      toOn(block("10.0.0.10/32"), [{ port: 53, endPort: 54 }]),
      toOn(block("10.0.0.10/32"), [{ port: 52, endPort: 53 }]),
      toOn(block("10.0.0.10/32"), [{ port: "dns" }]),
    ],
    finds: [tunnel, tunnel, tunnel],
  },
  {
    it: "leaves who is on the other side to others",
    resources: [from(), to(block(unknownText)), networkPolicy(unknownText)],
  },
  {
    it: "refuses ports that are left out, in whichever way",
    resources: [
      to(outside),
      from(outside),
      to(kubeDns),
      from(shop),
      toOn(shop, []),
      toOn(shop, [...https, { protocol: "UDP" }]),
      fromOn(shop, unknownText),
      to(block("169.254.7.127/32")),
    ],
    finds: [
      missingPorts("egress[0]"),
      missingPorts("ingress[0]"),
      missingPorts("egress[0]"),
      missingPorts("ingress[0]"),
      missingPorts("egress[0]"),
      missingPorts("egress[0]"),
      missingPorts("ingress[0]"),
      missingPorts("egress[0]"),
    ],
  },
  {
    it: "refuses name resolution by addresses of nobody's resolver",
    resources: [
      toOn(block("8.8.8.8/32"), ports(53)),
      toOn(block("1.1.1.1/32"), [{ port: 853 }]),
      toOn(outside, [{ port: 1, endPort: 1000 }]),
      toOn(outside, [{ port: "dns" }]),
      toOn(outside, [{ port: unknownText }]),
      toOn(block("10.96.0.10/32"), ports(53, 443)),
      toOn(block("10.96.0.0/28"), ports(53)),
      toOn(outside, [{ port: 53, protocol: "SCTP" }, ...ports(52, 54, 852, 854)]),
    ],
    finds: [tunnel, tunnel, tunnel, tunnel, tunnel, tunnel, tunnel],
  },
  {
    it: "lets a few private and link-local addresses be resolvers",
    resources: [
      toOn(block("10.96.0.8/29"), ports(53)),
      toOn(block("169.254.20.10/32"), [...ports(53, 853), { port: 53, protocol: "TCP" }]),
    ],
  },
  {
    it: "lets those alone be resolvers that a setting names",
    resources: [
      toOn(block("8.8.8.8/32"), ports(53)),
      toOn(block("8.8.8.0/28"), ports(853)),
      toOn(block("10.96.0.10/32"), ports(53)),
    ],
    settings: { resolverCidrs: ["8.8.8.0/28"] },
    finds: [tunnel],
  },
  {
    it: "refuses everything while a setting is none",
    resources: networkPolicy({ podSelector: {} }),
    settings: { resolverCidrs: ["8.8.8.8"] },
    finds: ["as the setting resolverCidrs[0] is not a range"],
  },
]);

describePolicy(networkPoliciesSpareWhatIsProtected, [
  { it: "lets a policy close everything", resources: networkPolicy({ podSelector: {} }) },
  {
    it: "lets other namespaces and ranges be peers",
    resources: to(block("203.0.113.0/24"), { podSelector: {} }, namespaces(byName("In", "shop"))),
  },
  {
    it: "lets name resolution of the cluster be a peer, and let in what the cluster has",
    resources: [
      toOn(kubeDns, ports(53)),
      toOn({ ...namespaces(byName("In", "openshift-dns")), podSelector: kubeDns.podSelector }, [
        ...ports(53, 5353),
        { port: 53, protocol: "TCP" },
      ]),
      from({ namespaceSelector: kubeDns.namespaceSelector }),
    ],
  },
  {
    it: "refuses what is more of the cluster's own namespaces than name resolution",
    resources: [
      to(kubeDns),
      toOn(kubeDns, ports(53, 10250)),
      toOn(kubeDns, [{ port: 53, endPort: 54, protocol: "UDP" }]),
      toOn(kubeDns, [{ port: 53, protocol: "SCTP" }]),
      toOn({ namespaceSelector: kubeDns.namespaceSelector }, ports(53)),
      toOn(
        {
          ...namespaces(byName("In", "kube-public")),
          podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] },
        },
        ports(53),
      ),
      to(namespaces(byName("In", "default"))),
      to({
        namespaceSelector: {
          matchExpressions: [byName("NotIn", "staging", "stage", "production", "prod")],
        },
      }),
      toOn(kubeDns, unknownText),
    ],
    finds: [
      "to[0] opens more of a namespace of the cluster itself (kube-*) than name resolution",
      "(kube-*)",
      "(kube-*)",
      "(kube-*)",
      "(kube-*)",
      "(kube-*)",
      "(default)",
      "(default)",
      "(kube-*)",
    ],
  },
  {
    it: "lets names be resolved at other ports where a setting says so",
    resources: [toOn(kubeDns, ports(1053)), toOn(kubeDns, ports(53))],
    settings: { resolverPorts: [1053] },
    finds: ["of their ports 1053 alone"],
  },
  {
    it: "leaves labels to others",
    resources: from(namespaces({ key: "team", operator: "Exists" })),
  },
  {
    it: "refuses protected namespaces, among others too",
    resources: from(namespaces(byName("In", "shop", "staging"))),
    finds: [
      "NetworkPolicy shop: spec.ingress[0].from[0].namespaceSelector selects a protected namespace (staging)",
    ],
  },
  {
    it: "refuses selectors that let protected namespaces through",
    resources: from(
      { namespaceSelector: {} },
      namespaces(byName("NotIn", "staging", "stage", "production")),
    ),
    finds: [
      "from[0].namespaceSelector selects a protected namespace (staging)",
      "from[1].namespaceSelector selects a protected namespace (prod)",
    ],
  },
  {
    it: "lets a selector be that rules all protected namespaces out",
    resources: from(namespaces(byName("NotIn", "staging", "stage", "production", "prod"))),
  },
  {
    it: "refuses namespaces that a setting protects, by name and pattern",
    resources: [
      from(namespaces(byName("In", "shop-live"))),
      from(namespaces(byName("NotIn", "staging", "stage", "production", "prod"))),
      from(namespaces(byName("In", "staging"))),
    ],
    settings: { protectedNamespaces: ["*-live"] },
    finds: ["(*-live)", "(*-live)", "(staging)"],
  },
  {
    it: "refuses selectors of which nobody knows what they select",
    resources: [
      from({ namespaceSelector: { matchLabels: { [nameLabel]: unknownText } } }),
      from(namespaces(byName("In", unknownText))),
      from(namespaces(byName("In", "shop"), byName("NotIn", unknownText))),
    ],
    finds: ["may select a protected namespace", "may select a protected namespace"],
  },
  {
    it: "refuses everyone, and what is not known",
    resources: [from(), to(block(unknownText)), networkPolicy(unknownText)],
    finds: ["ingress[0].from names nobody", "to[0] names nobody", "spec names nobody"],
  },
  {
    it: "refuses metadata addresses, IPv6 too",
    resources: [
      to(block("169.254.169.254/32")),
      to(block("0.0.0.0/0")),
      to(block("fd00:ec2::254/128")),
      from(block("169.254.0.0/16")),
    ],
    finds: [
      "spec.egress[0].to[0].ipBlock opens 169.254.0.0/16 (the link-local addresses, where clouds serve metadata)",
      "opens 169.254.0.0/16",
      "opens fd00:ec2::/32",
      "spec.ingress[0].from[0].ipBlock opens 169.254.0.0/16",
    ],
  },
  {
    it: "lets metadata addresses be excepted",
    resources: to(block("169.0.0.0/8", "169.254.0.0/16")),
  },
  {
    it: "lets names be resolved there, on port 53 only",
    resources: [
      toOn(block("169.254.169.254/32"), ports(53)),
      toOn(block("169.254.20.10/32"), [{ port: 53, protocol: "TCP" }]),
      toOn(block("169.254.169.254/32"), ports(53, 80)),
      toOn(block("169.254.169.254/32"), [{ port: 53, endPort: 80 }]),
      toOn(block("169.254.169.254/32"), [{ port: 1, endPort: 53 }]),
      toOn(block("169.254.169.254/32"), [{ port: 53, protocol: "SCTP" }]),
      toOn(block("169.254.169.254/32"), [{ port: "dns" }]),
      toOn(block("169.254.169.248/29"), ports(53)),
      toOn(block("169.254.169.240/28"), ports(53)),
      networkPolicy({ ingress: [{ from: [block("169.254.169.254/32")], ports: ports(53) }] }),
    ],
    finds: Array.from({ length: 7 }, () => "opens 169.254.0.0/16 (the link-local"),
  },
  {
    it: "lets the probes of a mesh in, and nobody out to them",
    resources: [
      from(block("169.254.7.127/32")),
      to(block("169.254.7.127/32")),
      from(block("169.254.7.126/31")),
      from(block("169.254.7.124/30", "169.254.7.126/32")),
    ],
    finds: [
      "spec.egress[0]",
      ...["spec.ingress[0]", "spec.ingress[0]"].map(
        (rule) => `${rule}.from[0].ipBlock opens 169.254.0.0/16`,
      ),
    ],
  },
  {
    it: "refuses addresses that are no one machine on a network",
    resources: [to(block("127.0.0.0/8")), from(block("224.0.0.1/32")), to(block("2002::/16"))],
    finds: [
      "spec.egress[0].to[0].ipBlock opens 127.0.0.0/8 (the loopback addresses)",
      "opens 224.0.0.0/4 (the multicast addresses)",
      "opens 2002::/16 (the loopback, unspecified and translated addresses)",
    ],
  },
  {
    it: "refuses ranges that a setting protects, for names too",
    resources: [
      to(block("203.0.0.0/16")),
      toOn(block("203.0.113.1/32"), ports(53)),
      to(block("203.1.0.0/16")),
    ],
    settings: { protectedCidrs: ["203.0.113.0/24"] },
    finds: ["203.0.113.0/24 (protectedCidrs[0])", "203.0.113.0/24 (protectedCidrs[0])"],
  },
  {
    it: "refuses everything while a setting is none",
    resources: networkPolicy({ podSelector: {} }),
    settings: { protectedCidrs: ["10.0.0.0"] },
    finds: ["as the setting protectedCidrs[0] is not a range"],
  },
]);

describe("what is said of a range of the program", () => {
  const now = () => "2026-01-01T00:00:00Z";
  const spare = [
    networkPoliciesSpareWhatIsProtected,
    { protectedCidrs: ["203.0.113.0/24"] },
  ] as const;
  const peers = [networkPoliciesNameTheirPeers, { clusterCidrs: ["10.96.0.0/12"] }] as const;
  const ranges = [
    ["203.0.113.77/32", spare],
    ["169.254.77.77/32", spare],
    ["10.97.76.0/23", peers],
    ["10.96.0.0/13", peers],
  ] as const;
  for (const [cidr, [policy, settings]] of ranges) {
    it(`is what it meets, and never ${cidr} itself, which may be a secret`, async () => {
      const pulumiPolicies = pulumiPoliciesOf([policy], now);
      const resource = to(block(secretValue(cidr)));
      const messages = await analyzeResource(pulumiPolicies, resource, settings);
      expect(messages.map(({ message }) => message).join()).to.match(/^((?!77|76|\/13).)+$/);
    });
  }
});
