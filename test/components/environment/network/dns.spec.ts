import { expect } from "chai";
import { dnsSpec } from "#components/environment/network/dns";
import { type DnsArgs, DnsProfile } from "#components/environment/network/networkArgs";
import { type NetworkArguments } from "#components/environment/network/networkArguments";
import { networkProblems } from "#components/environment/network/networkProblems";

const kubeDns = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};
const resolver = { namespace: "openshift-dns", podLabels: { dns: "default" }, port: 5353 };

describe("name resolution", () => {
  it("goes to the cluster's DNS pods only, over UDP and TCP, unless configured otherwise", () => {
    expect(dnsSpec()).to.deep.equal(policy([kubeDns], 53));
    expect(dnsSpec({ profile: DnsProfile.KubeDns })).to.deep.equal(dnsSpec());
  });

  it("goes to the node's cache, the DNS Service and the pods behind them", () => {
    expect(
      dnsSpec({ profile: DnsProfile.NodeLocalDnsCache, addresses: ["10.96.0.10", "fd00::a"] }),
    ).to.deep.equal(
      policy(
        [block("169.254.20.10/32"), block("10.96.0.10/32"), block("fd00::a/128"), kubeDns],
        53,
      ),
    );
  });

  it("goes to a resolver on the metadata address on port 53 and no port of the metadata", () => {
    expect(dnsSpec({ profile: DnsProfile.MetadataResolver })).to.deep.equal(
      policy([block("169.254.169.254/32")], 53),
    );
  });

  it("goes to pods and addresses that are given", () => {
    const pods = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "openshift-dns" } },
      podSelector: { matchLabels: { dns: "default" } },
    };
    expect(
      dnsSpec({ profile: DnsProfile.Custom, ...resolver, addresses: ["10.0.0.2"] }),
    ).to.deep.equal(policy([pods, block("10.0.0.2/32")], 5353));
  });

  it("is never written without a peer, which would open every address", () => {
    expect(() => dnsSpec({ profile: DnsProfile.Custom })).to.throw(RangeError, "peers");
  });
});

describe("the place of name resolution", () => {
  const custom = { profile: DnsProfile.Custom };
  const nodeLocal = { profile: DnsProfile.NodeLocalDnsCache };

  const accepted: [string, DnsArgs, NetworkArguments?][] = [
    ["pods of a namespace by their labels", { ...custom, ...resolver }],
    ["single addresses", { ...custom, addresses: ["10.0.0.2", "fd00::2"] }],
    ["the metadata address on port 53", { ...custom, addresses: ["169.254.169.254"] }],
    ["the API server's address on port 53", { ...custom, addresses: ["10.96.0.1"] }, cluster()],
    ["the node's cache by itself", nodeLocal],
    [
      "an address next to a protected range",
      { ...nodeLocal, addresses: ["10.8.0.1"] },
      { protected: { cidrs: ["10.9.0.0/16"] } },
    ],
  ];
  for (const [what, dns, args] of accepted) {
    it(`can be ${what}`, () => {
      expect(networkProblems({ ...args, dns })).to.deep.equal([]);
    });
  }

  const refused: [string, DnsArgs, string, NetworkArguments?][] = [
    ["every pod of a namespace", { ...custom, namespace: "dns" }, "dns.podLabels"],
    ["every pod by empty labels", { ...custom, namespace: "dns", podLabels: {} }, "dns.podLabels"],
    ["labels in no namespace", { ...custom, podLabels: { a: "b" } }, "dns.namespace"],
    ["nowhere", { ...custom, addresses: [] }, "dns"],
    ["a namespace that cannot be", { ...custom, ...resolver, namespace: "A_b" }, "dns.namespace"],
    ["a protected namespace", { ...custom, ...resolver, namespace: "prod" }, "dns.namespace"],
    ["an invalid label", { ...custom, ...resolver, podLabels: { a: "-" } }, 'dns.podLabels["a"]'],
    ["an invalid port", { ...custom, ...resolver, port: 0 }, "dns.port"],
    ["a range", { ...custom, addresses: ["10.0.0.2", "10.0.0.0/8"] }, "dns.addresses[1]"],
    ["a loopback address", { ...custom, addresses: ["127.0.0.53"] }, "dns.addresses[0]"],
    [
      "the metadata's own port",
      { ...custom, addresses: ["169.254.169.254"], port: 80 },
      "dns.addresses[0]",
    ],
    [
      "the API server's own port",
      { ...custom, addresses: ["10.96.0.1"], port: 443 },
      "dns.addresses[0]",
      cluster(),
    ],
    [
      "a protected address",
      { ...nodeLocal, addresses: ["10.9.0.1"] },
      "dns.addresses[0]",
      { protected: { cidrs: ["10.9.0.0/16"] } },
    ],
    [
      "addresses with a profile that has none",
      { profile: DnsProfile.KubeDns, addresses: ["10.0.0.2"] },
      "dns.addresses",
    ],
    ["a port of the node's cache", { ...nodeLocal, port: 54 }, "dns.port"],
  ];
  for (const [what, dns, property, args] of refused) {
    it(`cannot be ${what}`, () => {
      expect(networkProblems({ ...args, dns }).map((problem) => problem.property)).to.deep.equal([
        property,
      ]);
    });
  }
});

function policy(to: object[], port: number): object {
  const ports = [
    { port, protocol: "UDP" },
    { port, protocol: "TCP" },
  ];
  return { podSelector: {}, policyTypes: ["Egress"], egress: [{ to, ports }] };
}

function block(cidr: string): object {
  return { ipBlock: { cidr } };
}

function cluster(): NetworkArguments {
  const clusterNetwork = {
    pods: ["10.244.0.0/16"],
    services: ["10.96.0.0/12"],
    nodes: ["172.18.0.0/24"],
    apiServer: ["10.96.0.1"],
  };
  return { clusterNetwork };
}
