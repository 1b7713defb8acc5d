import { expect } from "chai";
import fc from "fast-check";
import {
  type AddressRange,
  intersection,
  isWithin,
  parseCidr,
  subtract,
} from "#components/core/addresses";
import { holePolicySpec } from "#components/environment/network/holes/holes";
import { Mesh } from "#components/environment/mesh/meshArgs";
import { type HoleArgs } from "#components/environment/network/networkArgs";
import { type NetworkArguments } from "#components/environment/network/networkArguments";
import { networkProblems } from "#components/environment/network/networkProblems";
import { resolvedHoles } from "../../support/resolvedHoles";

const clusterNetwork = {
  pods: ["10.244.0.0/16"],
  services: ["10.96.0.0/12"],
  nodes: ["172.18.0.0/24"],
  apiServer: ["172.18.0.2"],
};
const dualStack = {
  pods: ["10.244.0.0/16", "fd10::/64"],
  services: ["10.96.0.0/12"],
  nodes: ["172.18.0.0/24", "fd11::/64"],
};
const now = "2027-01-01T00:00:00Z";

const web: HoleArgs = {
  name: "web",
  direction: "ingress",
  peer: "ingressController",
  ports: [{ port: 8080 }],
  reason: "The application is shown to people",
};
const shared: HoleArgs = { ...web, direction: "egress", peer: "namespace", namespace: "shared" };
const partner: HoleArgs = { ...web, direction: "egress", peer: "cidr", cidr: "198.41.0.0/16" };
const tests: HoleArgs = { ...web, peer: "testRunner", namespace: "runners" };
const callers: HoleArgs = { ...web, peer: "testRunner", cidr: "198.41.0.0/16" };
const internet: HoleArgs = { ...web, direction: "egress", peer: "internet" };
const apiServer: HoleArgs = { ...web, direction: "egress", peer: "apiServer" };

/** What is refused, where, and its legitimate twin. */
interface Rule {
  readonly refused: NetworkArguments;
  readonly at: readonly string[];
  readonly twin: NetworkArguments;
}

/** Addresses in a network policy. */
interface Block {
  readonly cidr: string;
  readonly except?: string[];
}

interface Peer {
  readonly ipBlock?: Block;
}

function holeRule(refused: HoleArgs, field: string, twin: HoleArgs): Rule {
  const at = [field === "" ? "holes[0]" : `holes[0].${field}`];
  return { refused: around(refused), at, twin: around(twin) };
}

function around(...holes: HoleArgs[]): NetworkArguments {
  return { holes, now, clusterNetwork, protected: { cidrs: ["198.51.0.0/17"] } };
}

const rules: Record<string, Rule> = {
  "a name in capitals": holeRule({ ...web, name: "Web" }, "name", web),
  "a name of more than 50 characters": holeRule({ ...web, name: "a".repeat(51) }, "name", {
    ...web,
    name: "a".repeat(50),
  }),
  "a name that is taken": {
    refused: around(web, web),
    at: ["holes[1].name"],
    twin: around(web, { ...web, name: "other" }),
  },
  "a blank reason": holeRule({ ...web, reason: " " }, "reason", web),
  "a reason of more than 1000 characters": holeRule(
    { ...web, reason: "a".repeat(1001) },
    "reason",
    { ...web, reason: "a".repeat(1000) },
  ),
  "an API server among the pods": {
    refused: { clusterNetwork: { ...clusterNetwork, apiServer: ["10.244.0.10"] } },
    at: ["clusterNetwork.apiServer[0]"],
    twin: { clusterNetwork },
  },
  "egress to the ingress controller": holeRule({ ...web, direction: "egress" }, "direction", web),
  "ingress from the internet": holeRule(
    { ...internet, direction: "ingress" },
    "direction",
    internet,
  ),
  "ingress from the API server": holeRule(
    { ...apiServer, direction: "ingress" },
    "direction",
    apiServer,
  ),
  "egress to the test runner": holeRule({ ...tests, direction: "egress" }, "direction", tests),
  "a range for a namespace": holeRule({ ...shared, cidr: "198.41.0.0/16" }, "cidr", shared),
  "a namespace for a range": holeRule({ ...partner, namespace: "shared" }, "namespace", partner),
  "labels for addresses of a test runner": holeRule(
    { ...callers, peerPodLabels: { a: "b" } },
    "peerPodLabels",
    { ...tests, peerPodLabels: { a: "b" } },
  ),
  "exceptions for the internet": holeRule(
    { ...internet, except: ["198.41.0.0/16"] },
    "except",
    internet,
  ),
  "a namespace peer without a namespace": holeRule(
    { ...shared, namespace: undefined },
    "namespace",
    shared,
  ),
  "a range peer without a range": {
    refused: around({ ...partner, cidr: undefined }),
    at: ["holes[0].cidr"],
    twin: around(partner),
  },
  "a test runner that is both pods and addresses": holeRule(
    { ...tests, cidr: "198.41.0.0/16" },
    "cidr",
    tests,
  ),
  "a test runner that is neither pods nor addresses": holeRule(
    { ...tests, namespace: undefined },
    "namespace",
    callers,
  ),
  "a namespace by a pattern": holeRule({ ...shared, namespace: "shared-*" }, "namespace", shared),
  "an invalid key of a label": holeRule({ ...web, podLabels: { "a b": "c" } }, 'podLabels["a b"]', {
    ...web,
    podLabels: { "example.com/a_b": "" },
  }),
  "an invalid value of a label": holeRule(
    { ...web, peerPodLabels: { a: "b c" } },
    'peerPodLabels["a"]',
    { ...web, peerPodLabels: { a: "B.c" } },
  ),
  "no port": holeRule({ ...web, ports: [] }, "ports", web),
  "port 0": holeRule({ ...web, ports: [{ port: 0 }] }, "ports[0].port", {
    ...web,
    ports: [{ port: 1 }],
  }),
  "port 65536": holeRule({ ...web, ports: [{ port: 1, endPort: 65536 }] }, "ports[0].endPort", {
    ...web,
    ports: [{ port: 1, endPort: 65535 }],
  }),
  "half a port": holeRule({ ...web, ports: [{ port: 80.5 }] }, "ports[0].port", web),
  "a range of ports that ends before it begins": holeRule(
    { ...web, ports: [{ port: 81, endPort: 80 }] },
    "ports[0].endPort",
    { ...web, ports: [{ port: 80, endPort: 80 }] },
  ),
  "mesh traffic without a mesh": {
    refused: { holes: [{ ...shared, meshed: true }] },
    at: ["holes[0].meshed"],
    twin: { holes: [{ ...shared, meshed: true }], mesh: Mesh.Istio },
  },
  "mesh traffic with addresses": {
    refused: { ...around({ ...partner, meshed: true }), mesh: Mesh.Istio },
    at: ["holes[0].meshed"],
    twin: { ...around(partner), mesh: Mesh.Istio },
  },
  "a protected namespace": holeRule({ ...shared, namespace: "staging" }, "namespace", {
    ...shared,
    namespace: "staging-tools",
  }),
  "a way out to a namespace of the cluster itself": holeRule(
    { ...shared, namespace: "kube-system" },
    "namespace",
    { ...shared, direction: "ingress", namespace: "kube-system" },
  ),
  "a namespace that matches a protected pattern": {
    refused: { holes: [tests], protected: { namespaces: ["x", "*unn*s"] } },
    at: ["holes[0].namespace"],
    twin: { holes: [tests], protected: { namespaces: ["x", "*unn*d", "unners", "runner"] } },
  },
  "a namespace that matches a pattern only when its parts do not overlap": {
    refused: { holes: [tests], protected: { namespaces: ["run*ers"] } },
    at: ["holes[0].namespace"],
    twin: { holes: [tests], protected: { namespaces: ["runn*nners", "*rs*s", "r*x*s"] } },
  },
  "the default namespace of a peer when it is protected": {
    refused: { holes: [web], protected: { namespaces: ["ingress-*"] } },
    at: ["holes[0].namespace"],
    twin: { holes: [{ ...web, namespace: "traefik" }], protected: { namespaces: ["ingress-*"] } },
  },
  "a protected namespace that cannot be": {
    refused: { protected: { namespaces: ["Production"] } },
    at: ["protected.namespaces[0]"],
    twin: { protected: { namespaces: ["*-production"] } },
  },
  "a protected address without a length": {
    refused: { protected: { cidrs: ["10.0.0.1"] } },
    at: ["protected.cidrs[0]"],
    twin: { protected: { cidrs: ["10.0.0.1/32"] } },
  },
  "an expiry that is no instant": holeRule({ ...web, expiresAt: "tomorrow" }, "expiresAt", {
    ...web,
    expiresAt: "2027-01-31T18:00:00Z",
  }),
  "expiries without a present instant, once": {
    refused: {
      holes: [
        { ...web, expiresAt: now },
        { ...tests, name: "tests", expiresAt: now },
      ],
    },
    at: ["now"],
    twin: { holes: [{ ...web, expiresAt: now }], now },
  },
  "a present instant that is none": {
    refused: { now: "2027-01-01", holes: [{ ...web, expiresAt: now }] },
    at: ["now"],
    twin: { now, holes: [{ ...web, expiresAt: now }] },
  },
  "a fault in an expired hole": {
    refused: around({ ...shared, namespace: "prod", expiresAt: "2026-01-01T00:00:00Z" }),
    at: ["holes[0].namespace"],
    twin: around({ ...shared, expiresAt: "2026-01-01T00:00:00Z" }),
  },
  "holes to addresses of a cluster that nobody knows, once": {
    refused: { holes: [partner, { ...internet, name: "internet" }] },
    at: ["clusterNetwork"],
    twin: around(partner, { ...internet, name: "internet" }),
  },
  "holes to addresses without the ranges of the pods and the nodes": {
    refused: { holes: [callers], clusterNetwork: { ...clusterNetwork, pods: [], nodes: [] } },
    at: ["clusterNetwork.pods", "clusterNetwork.nodes"],
    twin: { holes: [tests], clusterNetwork: { ...clusterNetwork, pods: [], nodes: [] } },
  },
  "IPv6 addresses when only the cluster's IPv4 is known": {
    refused: { holes: [{ ...partner, cidr: "2001:db8::/32" }], clusterNetwork },
    at: ["clusterNetwork.pods", "clusterNetwork.nodes"],
    twin: { holes: [{ ...partner, cidr: "2001:db8::/32" }], clusterNetwork: dualStack },
  },
  "an invalid range of the cluster": {
    refused: { clusterNetwork: { ...clusterNetwork, services: ["10.96.0.1/12"] } },
    at: ["clusterNetwork.services[0]"],
    twin: { clusterNetwork },
  },
  "too many addresses of an API server": {
    refused: { clusterNetwork: { ...clusterNetwork, apiServer: ["172.18.0.0/23"] } },
    at: ["clusterNetwork.apiServer[0]"],
    twin: { clusterNetwork: { ...clusterNetwork, apiServer: ["172.18.0.0/24", "fd00::1"] } },
  },
  "an API server on the metadata address": {
    refused: { clusterNetwork: { ...clusterNetwork, apiServer: ["169.254.169.254"] } },
    at: ["clusterNetwork.apiServer[0]"],
    twin: { clusterNetwork },
  },
  "an API server without an address": {
    refused: { holes: [apiServer], clusterNetwork: dualStack },
    at: ["clusterNetwork.apiServer"],
    twin: { holes: [apiServer], clusterNetwork },
  },
  "an API server in a protected range": {
    refused: { holes: [apiServer], clusterNetwork, protected: { cidrs: ["172.18.0.0/30"] } },
    at: ["holes[0].peer"],
    twin: { holes: [apiServer], clusterNetwork, protected: { cidrs: ["172.18.0.4/30"] } },
  },
  "an address without a length": holeRule({ ...partner, cidr: "198.41.0.7" }, "cidr", {
    ...partner,
    cidr: "198.41.0.7/32",
  }),
  "an exception that is no range": holeRule({ ...partner, except: ["x"] }, "except[0]", {
    ...partner,
    except: ["198.41.0.0/17"],
  }),
  "an exception outside the range": holeRule(
    { ...partner, except: ["198.41.0.0/17", "198.42.0.0/17"] },
    "except[1]",
    { ...partner, except: ["198.41.0.0/17"] },
  ),
  "exceptions that leave nothing open": holeRule(
    { ...partner, except: ["198.41.0.0/17", "198.41.128.0/17"] },
    "except",
    { ...partner, except: ["198.41.0.0/17", "198.41.128.0/18"] },
  ),
  "every address": holeRule({ ...partner, cidr: "0.0.0.0/0" }, "cidr", internet),
  "every caller": holeRule({ ...callers, cidr: "0.0.0.0/0" }, "cidr", callers),
  "more than a /8": holeRule({ ...partner, cidr: "44.0.0.0/7" }, "cidr", {
    ...partner,
    cidr: "44.0.0.0/8",
  }),
  "more than an IPv6 /16": {
    refused: { holes: [{ ...partner, cidr: "::/0" }], clusterNetwork: dualStack },
    at: ["holes[0].cidr"],
    twin: { holes: [{ ...partner, cidr: "2600::/16" }], clusterNetwork: dualStack },
  },
  "the internet when every address is protected": {
    refused: { holes: [internet], clusterNetwork, protected: { cidrs: ["0.0.0.0/0"] } },
    at: ["holes[0].peer"],
    twin: { holes: [internet], clusterNetwork, protected: { cidrs: ["0.0.0.0/1"] } },
  },
  "name resolution by addresses": holeRule(
    { ...internet, ports: [{ port: 443 }, { port: 1, endPort: 100, protocol: "UDP" }] },
    "ports[1]",
    { ...internet, ports: [{ port: 443 }, { port: 54, endPort: 100, protocol: "UDP" }] },
  ),
  "encrypted name resolution by addresses": holeRule(
    { ...partner, ports: [{ port: 853 }] },
    "ports[0]",
    { ...callers, ports: [{ port: 853 }] },
  ),
  "name resolution by the API server": holeRule(
    { ...apiServer, ports: [{ port: 53 }] },
    "ports[0]",
    { ...shared, ports: [{ port: 53 }] },
  ),
};

describe("the network walls of an environment", () => {
  for (const [what, rule] of Object.entries(rules)) {
    it(`refuse ${what}, and take its legitimate twin`, () => {
      expect(networkProblems(rule.refused).map(({ property }) => property)).to.deep.equal(rule.at);
      expect(networkProblems(rule.twin)).to.deep.equal([]);
    });
  }

  for (const [cidr, other, overlap] of [
    ["10.244.7.0/24", "clusterNetwork.pods[0] (10.244.0.0/16)", "10.244.7.0/24"],
    ["10.97.0.0/16", "clusterNetwork.services[0] (10.96.0.0/12)", "10.97.0.0/16"],
    ["172.18.0.128/25", "clusterNetwork.nodes[0] (172.18.0.0/24)", "172.18.0.128/25"],
    ["198.51.0.0/16", "protected.cidrs[0] (198.51.0.0/17)", "198.51.0.0/17"],
    ["169.254.169.254/32", "the link-local addresses", "169.254.169.254/32"],
    ["168.63.0.0/16", "the metadata addresses of clouds (168.63.129.16/32)", "168.63.129.16/32"],
    ["100.64.0.0/10", "the metadata addresses of clouds", "100.100.100.200/32"],
    ["127.0.0.0/8", "the loopback addresses", "127.0.0.0/8"],
    ["239.0.0.0/8", "the multicast addresses", "239.0.0.0/8"],
    ["0.0.0.0/8", "the unspecified addresses", "0.0.0.0/8"],
    ["fd00::/16", "the metadata addresses of clouds (fd00:ec2::/32)", "fd00:ec2::/32"],
    ["fd20:ce::/64", "the metadata addresses of clouds", "fd20:ce::254/128"],
    ["fe80::/64", "the link-local addresses", "fe80::/64"],
    ["64:ff9b::/96", "the loopback, unspecified and translated addresses", "64:ff9b::/96"],
    ["fd10::1:0/112", "clusterNetwork.pods[1] (fd10::/64)", "fd10::1:0/112"],
  ] as const) {
    it(`refuse ${cidr}, naming ${other} and the addresses in common`, () => {
      const [problem, ...rest] = networkProblems({
        ...around({ ...callers, cidr }),
        clusterNetwork: dualStack,
      });
      expect(rest).to.deep.equal([]);
      expect(problem?.property).to.equal("holes[0].cidr");
      expect(problem?.found).to.equal(cidr);
      expect(problem?.fault).to.contain("the hole web overlaps").and.contain(other);
      expect(problem?.fault).to.match(new RegExp(` in ${overlap}$`));
    });
  }

  it("take a range when the overlap is excepted", () => {
    const args = around({ ...partner, cidr: "198.51.0.0/16", except: ["198.51.0.0/17"] });
    expect(networkProblems(args)).to.deep.equal([]);
  });

  it("refuse a range that overlaps the API server, which has a peer of its own", () => {
    const args = { ...around({ ...partner, cidr: "44.0.0.0/24" }) };
    const elsewhere = { ...clusterNetwork, apiServer: ["44.0.0.9"] };
    const [problem] = networkProblems({ ...args, clusterNetwork: elsewhere });
    expect(problem?.fault).to.contain("clusterNetwork.apiServer[0] (44.0.0.9) in 44.0.0.9/32");
    expect(networkProblems(args)).to.deep.equal([]);
  });

  it("report every fault of every hole at once", () => {
    const args = around({ ...web, reason: "", ports: [] }, { ...shared, namespace: "prod" });
    expect(networkProblems(args).map(({ property }) => property)).to.deep.equal([
      "holes[0].ports",
      "holes[0].reason",
      "holes[1].namespace",
      "holes[1].name",
    ]);
  });

  it("name the protection of a namespace", () => {
    const args = { holes: [shared], protected: { namespaces: ["x", "sha*"] } };
    const [problem] = networkProblems(args);
    expect(problem?.fault).to.equal(
      "of the hole web is the protected namespace shared (protected.namespaces[1] is sha*)",
    );
  });
});

describe("any network walls without a problem", () => {
  it("open nothing that is protected, special or the cluster's own", () => {
    let opened = 0;
    fc.assert(
      fc.property(addressWalls, (args) => {
        fc.pre(networkProblems(args).length === 0);
        const open = blocksOf(args).flatMap(({ cidr, except = [] }) =>
          subtract([read(cidr)], except.map(read)),
        );
        opened += open.length;
        for (const closed of forbidden(args)) {
          expect(open.filter((range) => intersection(range, closed) !== undefined)).to.be.empty;
        }
      }),
      { numRuns: 300 },
    );
    expect(opened).to.be.greaterThan(0);
  });

  it("except only what is inside, and never all of it", () => {
    fc.assert(
      fc.property(addressWalls, (args) => {
        fc.pre(networkProblems(args).length === 0);
        for (const { cidr, except = [] } of blocksOf(args)) {
          expect(except.every((text) => isWithin(read(text), read(cidr)))).to.equal(true);
          expect(except).not.to.include(cidr);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("have no IPv6 address unless a hole gives one", () => {
    fc.assert(
      fc.property(addressWalls, (args) => {
        fc.pre(networkProblems(args).length === 0);
        const given = (args.holes ?? []).some(({ cidr }) => cidr?.includes(":"));
        const written = blocksOf(args).some(({ cidr }) => cidr.includes(":"));
        expect(written).to.equal(given);
      }),
      { numRuns: 300 },
    );
  });

  it("stay without a problem when they are changed, or the change is named", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("", "prod", "10.0.0.0/8", "::/0", now));
    const port = fc.oneof(fc.integer(), fc.double());
    const change: fc.Arbitrary<Partial<HoleArgs>> = fc.oneof(
      text.map((name) => ({ name })),
      text.map((namespace) => ({ namespace })),
      text.map((cidr) => ({ cidr })),
      text.map((reason) => ({ reason })),
      text.map((expiresAt) => ({ expiresAt })),
      text.map((key) => ({ podLabels: { [key]: key } })),
      text.map((exception) => ({ except: [exception] })),
      fc.array(fc.record({ port, endPort: port }), { maxLength: 2 }).map((ports) => ({ ports })),
    );
    const original = fc.constantFrom(web, shared, partner, tests, callers, internet, apiServer);
    fc.assert(
      fc.property(original, change, (hole, changed) => {
        const [field] = Object.keys(changed);
        const problems = networkProblems(around({ ...hole, ...changed }));
        const named = problems.filter(({ property, fault }) =>
          `${property} ${fault}`.includes(String(field)),
        );
        expect(named.length > 0).to.equal(problems.length > 0);
        if (problems.length === 0) {
          expect(() => blocksOf(around({ ...hole, ...changed }))).not.to.throw();
        }
      }),
      { numRuns: 500 },
    );
  });
});

const addresses = fc.constantFrom(
  "10.0.0.0",
  "10.244.0.0",
  "10.96.0.0",
  "44.0.0.0",
  "100.64.0.0",
  "168.63.128.0",
  "169.254.0.0",
  "192.0.0.0",
  "198.41.0.0",
  "224.0.0.0",
  "255.255.0.0",
);
const ipv4 = fc
  .tuple(addresses, fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => `${address}/${length}`);
const ipv6 = fc.constantFrom("2001:db8::/32", "fd00::/16", "fd10::/64", "fe80::/64", "::/16");
const cidr = fc.oneof({ weight: 3, arbitrary: ipv4 }, { weight: 1, arbitrary: ipv6 });
const cidrs = fc.array(cidr, { maxLength: 2 });

const addressHole: fc.Arbitrary<HoleArgs> = fc
  .tuple(cidr, cidrs, fc.constantFrom(partner, callers, internet))
  .map(([range, except, hole]) => (hole === internet ? hole : { ...hole, cidr: range, except }));

const addressWalls: fc.Arbitrary<NetworkArguments> = fc
  .tuple(addressHole, cidrs, cidr, cidr)
  .map(([hole, protectedCidrs, pods, nodes]) => ({
    holes: [hole],
    protected: { cidrs: protectedCidrs },
    clusterNetwork: {
      pods: [pods, "fd10::/64"],
      services: ["10.96.0.0/12"],
      nodes: [nodes, "fd11::/64"],
    },
  }));

function read(text: string): AddressRange {
  const range = parseCidr(text);
  if (range === undefined) {
    throw new Error(`${text} cannot be read.`);
  }
  return range;
}

function forbidden(args: NetworkArguments): AddressRange[] {
  return [
    ...(args.protected?.cidrs ?? []),
    ...(args.clusterNetwork?.pods ?? []),
    ...(args.clusterNetwork?.services ?? []),
    ...(args.clusterNetwork?.nodes ?? []),
    "169.254.169.254/32",
    "169.254.170.23/32",
    "168.63.129.16/32",
    "100.100.100.200/32",
    "fd00:ec2::254/128",
    "fd20:ce::254/128",
    "fe80::/10",
    "127.0.0.1/32",
    "::1/128",
    "224.0.0.0/4",
  ].flatMap((text) => parseCidr(text) ?? []);
}

function blocksOf(args: NetworkArguments): Block[] {
  return resolvedHoles(args).flatMap(({ hole }) => {
    const { ingress = [], egress = [] } = holePolicySpec(hole) as {
      ingress?: { from: Peer[] }[];
      egress?: { to: Peer[] }[];
    };
    const peers = [...ingress.flatMap(({ from }) => from), ...egress.flatMap(({ to }) => to)];
    return peers.flatMap(({ ipBlock }) => ipBlock ?? []);
  });
}
