import { type HoleArgs } from "#components/environment/network/networkArgs";
import { type NetworkArguments } from "#components/environment/network/networkArguments";

/** What an environment is brought up with, and what is to be seen in its table. */
export interface Configuration {
  /** Names the table. */
  readonly name: string;
  /** What the configuration promises. */
  readonly promise: string;
  readonly network: NetworkArguments;
}

/** Most of it has public addresses: nothing but these ranges tells it from the internet. */
const clusterNetwork = {
  pods: ["30.10.0.0/16", "fd00:30:10::/56"],
  services: ["10.96.0.0/12"],
  nodes: ["52.30.0.0/24", "fd00:52:30::/64"],
  apiServer: ["10.96.0.1", "52.40.0.1"],
};
const protectedTargets = { cidrs: ["10.50.0.0/16", "52.10.0.0/16"] };

const ingressController: HoleArgs = {
  name: "ingress",
  direction: "ingress",
  peer: "ingressController",
  ports: [{ port: 8080 }],
  reason: "Reviewers open the shop in their browsers.",
};

const monitoring: HoleArgs = {
  name: "metrics",
  direction: "ingress",
  peer: "monitoring",
  peerPodLabels: { app: "prometheus" },
  ports: [{ port: 9090 }, { port: 9187 }],
  reason: "Prometheus collects metrics.",
};

const testRunnerInside: HoleArgs = {
  name: "tests",
  direction: "ingress",
  peer: "testRunner",
  namespace: "ci",
  peerPodLabels: { app: "test-runner" },
  podLabels: { app: "shop" },
  ports: [{ port: 8080 }],
  reason: "The browser tests run in the cluster.",
};

const testRunnerOutside: HoleArgs = {
  name: "tests-outside",
  direction: "ingress",
  peer: "testRunner",
  cidr: "203.0.113.0/24",
  except: ["203.0.113.128/25"],
  podLabels: { app: "shop" },
  ports: [{ port: 8443 }],
  reason: "The browser tests run outside the cluster.",
};

const ingressNodes: HoleArgs = {
  name: "ingress-nodes",
  direction: "ingress",
  peer: "nodes",
  cidr: "52.30.0.0/30",
  podLabels: { app: "shop" },
  ports: [{ port: 8080 }],
  reason: "The ingress controller is on the network of its nodes.",
};

const apiServer: HoleArgs = {
  name: "api-server",
  direction: "egress",
  peer: "apiServer",
  podLabels: { app: "shop" },
  ports: [{ port: 443 }, { port: 6443 }],
  reason: "The shop elects a leader.",
};

const mail: HoleArgs = {
  name: "mail",
  direction: "egress",
  peer: "namespace",
  namespace: "shared",
  peerPodLabels: { app: "mail" },
  podLabels: { app: "shop" },
  ports: [{ port: 2525, endPort: 2530 }],
  reason: "The shop sends mail.",
};

const onPremises: HoleArgs = {
  name: "on-premises",
  direction: "egress",
  peer: "cidr",
  cidr: "10.48.0.0/12",
  except: ["10.50.0.0/16"],
  podLabels: { app: "database" },
  ports: [{ port: 5432 }],
  reason: "The database is filled from the warehouse.",
};

const internet: HoleArgs = {
  name: "internet",
  direction: "egress",
  peer: "internet",
  ports: [{ port: 443 }],
  reason: "Payments go through a provider's test system.",
};

/** In this order, one stack has them one after the other: each `up` also closes what was open. */
export const configurations: readonly [Configuration, ...Configuration[]] = [
  {
    name: "default",
    promise: "Nobody but the pods of the environment themselves, and the cluster's DNS.",
    network: {},
  },
  {
    name: "ingress-controller",
    promise: "Every pod of the ingress controller's namespace reaches every pod on 8080.",
    network: { holes: [ingressController] },
  },
  {
    name: "monitoring",
    promise: "Prometheus alone, of its namespace, reaches every pod on two ports.",
    network: { holes: [monitoring] },
  },
  {
    name: "test-runner-inside",
    promise: "The test runner alone, of its namespace, reaches the shop alone on 8080.",
    network: { holes: [testRunnerInside] },
  },
  {
    name: "test-runner-outside",
    promise: "The first half of a range of addresses reaches the shop alone on 8443.",
    network: { clusterNetwork, holes: [testRunnerOutside] },
  },
  {
    name: "nodes",
    promise: "The addresses of four nodes reach the shop alone on 8080.",
    network: { clusterNetwork, holes: [ingressNodes] },
  },
  {
    name: "api-server",
    promise: "The shop alone reaches the API server, at both of its addresses.",
    network: { clusterNetwork, holes: [apiServer] },
  },
  {
    name: "namespace-egress",
    promise: "The shop alone reaches the mail server alone on a range of ports.",
    network: { holes: [mail] },
  },
  {
    name: "namespace-both-ways",
    promise: "The environment reaches a whole namespace on two ports, and is reached on another.",
    network: {
      holes: [
        {
          name: "to-shared",
          direction: "egress",
          peer: "namespace",
          namespace: "shared",
          ports: [{ port: 9200 }, { port: 514, protocol: "UDP" }],
          reason: "The shop searches and logs.",
        },
        {
          name: "from-shared",
          direction: "ingress",
          peer: "namespace",
          namespace: "shared",
          podLabels: { app: "shop" },
          ports: [{ port: 8081 }],
          reason: "Search reads the catalogue.",
        },
      ],
    },
  },
  {
    name: "other-environment",
    promise: "Nothing: a hole to another environment opens one side only, and the other is shut.",
    network: {
      holes: [
        {
          name: "to-neighbour",
          direction: "egress",
          peer: "namespace",
          namespace: "review-neighbour",
          ports: [{ port: 8080 }],
          reason: "Two branches want to talk to each other.",
        },
        {
          name: "from-neighbour",
          direction: "ingress",
          peer: "namespace",
          namespace: "review-neighbour",
          ports: [{ port: 8080 }],
          reason: "Two branches want to talk to each other.",
        },
      ],
    },
  },
  {
    name: "addresses-around-protected-ones",
    promise: "The database alone reaches a private range on 5432, but not what is protected in it.",
    network: { clusterNetwork, protected: protectedTargets, holes: [onPremises] },
  },
  {
    name: "addresses-ipv6",
    promise: "A range of IPv6 addresses reaches the shop on 8443, and is reached on 443.",
    network: {
      clusterNetwork,
      holes: [
        {
          name: "to-provider",
          direction: "egress",
          peer: "cidr",
          cidr: "2606:4700::/32",
          ports: [{ port: 443 }],
          reason: "Payments go through a provider's test system.",
        },
        {
          name: "from-provider",
          direction: "ingress",
          peer: "cidr",
          cidr: "2606:4700::/32",
          podLabels: { app: "shop" },
          ports: [{ port: 8443 }],
          reason: "The provider calls back.",
        },
      ],
    },
  },
  {
    name: "internet",
    promise: "Every pod reaches public IPv4 addresses on 443, but none of the protected ones.",
    network: { clusterNetwork, protected: protectedTargets, holes: [internet] },
  },
  {
    name: "expired-hole",
    promise: "The hole for monitoring is open for one more second; that of the tests has expired.",
    network: {
      now: "2027-01-31T18:00:00Z",
      holes: [
        { ...testRunnerInside, expiresAt: "2027-01-31T18:00:00Z" },
        { ...monitoring, expiresAt: "2027-01-31T18:00:01Z" },
      ],
    },
  },
  {
    name: "dns-cache-of-the-node",
    promise: "Names come from the node's cache, the DNS Service and the pods behind it.",
    network: { dns: { profile: "nodeLocalDnsCache", addresses: ["10.96.0.10"] } },
  },
  {
    name: "dns-on-the-metadata-address",
    promise: "Names come from the metadata address, of which nothing but port 53 is open.",
    network: { dns: { profile: "metadataResolver" } },
  },
  {
    name: "dns-custom",
    promise: "Names come from pods with a label, in a namespace, on a port of their own.",
    network: {
      dns: {
        profile: "custom",
        namespace: "openshift-dns",
        podLabels: { dns: "default" },
        port: 5353,
      },
    },
  },
  {
    name: "everything-together",
    promise: "Holes add up and do not spread: each cell is open by the hole that was meant.",
    network: {
      clusterNetwork,
      protected: protectedTargets,
      dns: { profile: "nodeLocalDnsCache" },
      holes: [
        ingressController,
        monitoring,
        testRunnerInside,
        testRunnerOutside,
        apiServer,
        mail,
        onPremises,
        internet,
      ],
    },
  },
];
