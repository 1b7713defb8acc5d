import { expect } from "chai";
import { holePolicySpec } from "#components/environment/network/holes/holes";
import { holeObjectName } from "#components/environment/network/holes/openHole";
import { holeReports } from "#components/environment/network/holes/reports";
import { Mesh } from "#components/environment/mesh/meshArgs";
import { type HoleArgs } from "#components/environment/network/networkArgs";
import { type NetworkArguments } from "#components/environment/network/networkArguments";
import { networkProblems } from "#components/environment/network/networkProblems";
import { type OpenHole } from "#components/environment/network/holes/openHole";
import { resolvedHoles } from "../../../support/resolvedHoles";

const clusterNetwork = {
  pods: ["10.244.0.0/16", "fd00:10:244::/56"],
  services: ["10.96.0.0/12"],
  nodes: ["20.0.0.0/24", "fd00:20::/64"],
  apiServer: ["20.0.1.1", "10.96.0.1"],
};
const now = "2027-01-01T00:00:00Z";

describe("a hole", () => {
  it("lets the ingress controller's namespace in by its name, to the ports that are given", () => {
    expect(specOf({ direction: "ingress", peer: "ingressController" })).to.deep.equal({
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [
            {
              namespaceSelector: {
                matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" },
              },
              podSelector: {},
            },
          ],
          ports: [{ port: 443, protocol: "TCP" }],
        },
      ],
    });
  });

  it("selects own pods, pods of a namespace and a range of ports, in one direction", () => {
    const spec = specOf({
      direction: "egress",
      peer: "namespace",
      namespace: "shared",
      peerPodLabels: { app: "db" },
      podLabels: { app: "web" },
      ports: [{ port: 5000, endPort: 5010, protocol: "UDP" }],
    });
    expect(spec).to.deep.equal({
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Egress"],
      egress: [
        {
          to: [
            {
              namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shared" } },
              podSelector: { matchLabels: { app: "db" } },
            },
          ],
          ports: [{ port: 5000, endPort: 5010, protocol: "UDP" }],
        },
      ],
    });
  });

  it("goes to exactly the API server's addresses", () => {
    expect(peersOf({ direction: "egress", peer: "apiServer" })).to.deep.equal([
      { ipBlock: { cidr: "10.96.0.1/32" } },
      { ipBlock: { cidr: "20.0.1.1/32" } },
    ]);
  });

  it("lets the addresses of some nodes in", () => {
    const { ingress } = specOf({ direction: "ingress", peer: "nodes", cidr: "20.0.0.4/30" });
    expect(ingress).to.deep.equal([
      {
        from: [{ ipBlock: { cidr: "20.0.0.4/30" } }],
        ports: [{ port: 443, protocol: "TCP" }],
      },
    ]);
  });

  it("goes to a range without its exceptions, in the plain form and as few as possible", () => {
    const except = ["2001:db8::/34", "2001:db8:4000::/34"];
    expect(
      resolve({ direction: "ingress", peer: "cidr", cidr: "2001:0DB8::/32", except }).addressPeers,
    ).to.deep.equal([{ cidr: "2001:db8::/32", except: ["2001:db8::/33"] }]);
  });

  it("to the internet closes everything private, special, protected and of the cluster", () => {
    const peers = peersOf({ direction: "egress", peer: "internet" }, [
      "198.41.0.0/24",
      "fd01::/16",
    ]);
    expect(peers).to.deep.equal([
      {
        ipBlock: {
          cidr: "0.0.0.0/0",
          except: [
            "0.0.0.0/8",
            "10.0.0.0/8",
            "20.0.0.0/24",
            "20.0.1.1/32",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.41.0.0/24",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
          ],
        },
      },
    ]);
  });

  it("has a NetworkPolicy that is named after it", () => {
    expect(holeObjectName({ name: "web" })).to.equal("hole-web");
  });

  it("is never written without a peer or a port, which would open all of them", () => {
    const open = resolve({ direction: "egress", peer: "apiServer" });
    expect(() => holePolicySpec({ ...open, addressPeers: [] })).to.throw(RangeError, "peers");
    expect(() => holePolicySpec({ ...open, ports: [] })).to.throw(RangeError, "ports");
  });

  it("is part of the mesh when the environment is, unless it says otherwise", () => {
    const meshedOf = (mesh?: Mesh, meshed?: boolean) =>
      resolvedHoles({
        mesh,
        holes: [hole({ direction: "ingress", peer: "monitoring", meshed })],
      }).map((resolved) => resolved.hole.podPeer?.meshed);
    expect(meshedOf()).to.deep.equal([false]);
    expect(meshedOf(Mesh.Linkerd)).to.deep.equal([true]);
    expect(meshedOf(Mesh.Linkerd, false)).to.deep.equal([false]);
  });

  it("expires at its instant, not before", () => {
    const stateAt = (expiresAt: string) =>
      resolvedHoles({
        now,
        holes: [hole({ direction: "ingress", peer: "monitoring", expiresAt })],
      }).map(({ state }) => state);
    expect(stateAt("2026-12-31T23:59:59Z")).to.deep.equal(["expired"]);
    expect(stateAt(now)).to.deep.equal(["expired"]);
    expect(stateAt("2027-01-01T00:00:01Z")).to.deep.equal(["open"]);
  });
});

describe("the report about holes", () => {
  const office = {
    name: "office",
    direction: "ingress",
    peer: "cidr",
    cidr: "198.41.0.0/16",
  } as const;

  it("is silent about holes that have nothing to do with each other", () => {
    expect(
      reports(
        { ...office, podLabels: { app: "a" } },
        { ...office, name: "other-pods", podLabels: { app: "b" } },
        { ...office, name: "other-ports", podLabels: { app: "a" }, ports: [{ port: 444 }] },
        { ...office, name: "other-way", direction: "egress", podLabels: { app: "a" } },
        { ...office, name: "other-range", cidr: "198.42.0.0/16", podLabels: { app: "a" } },
      ),
    ).to.deep.equal([]);
  });

  it("says what a hole for nodes lets in", () => {
    const nodes = { direction: "ingress", peer: "nodes", cidr: "20.0.0.4/30" } as const;
    expect(reports(nodes)).to.deep.equal([
      "The hole web lets in whatever has the address of one of its nodes: the kubelet, every pod on the node's own network, and what comes through a node port, other environments included.",
    ]);
  });

  it("names an expired hole that is left out, and compares it with none", () => {
    expect(
      reports(office, { ...office, name: "old", expiresAt: "2026-01-01T00:00:00Z" }),
    ).to.deep.equal(["The hole old expired at 2026-01-01T00:00:00Z and is left out."]);
  });

  it("names a hole once that opens nothing more than another", () => {
    expect(
      reports(
        { ...office, ports: [{ port: 400, endPort: 450 }, { port: 451 }] },
        {
          ...office,
          name: "desk",
          cidr: "198.41.7.0/24",
          podLabels: { app: "web" },
          ports: [{ port: 443, endPort: 451 }],
        },
      ),
    ).to.deep.equal(["The hole desk opens nothing that the hole office does not open."]);
    expect(reports(office, { ...office, name: "again" })).to.have.length(1);
  });

  it("compares pods by namespace and labels", () => {
    const shared = { name: "all", direction: "egress", peer: "namespace", namespace: "x" } as const;
    const one = { ...shared, name: "one", peerPodLabels: { app: "db" } };
    expect(reports(shared, one)).to.deep.equal([
      "The hole one opens nothing that the hole all does not open.",
    ]);
    expect(reports({ ...shared, namespace: "y" }, one)).to.deep.equal([]);
  });

  it("names an expiry that has no effect, and none that has one", () => {
    const soon = { ...office, name: "soon", expiresAt: "2027-02-01T00:00:00Z" };
    const later = { ...office, name: "later", expiresAt: "2027-03-01T00:00:00Z" };
    expect(reports(soon, later)).to.deep.equal([
      "The expiry of the hole soon at 2027-02-01T00:00:00Z has no effect: the hole later opens the same until 2027-03-01T00:00:00Z.",
    ]);
    expect(reports(office, soon)).to.deep.equal([
      "The expiry of the hole soon at 2027-02-01T00:00:00Z has no effect: the hole office opens the same without an expiry.",
    ]);
    expect(reports(soon, { ...office, cidr: "198.41.7.0/24" })).to.deep.equal([]);
  });

  it("names what one hole excepts and another opens for pods that may be the same, whatever their labels are called", () => {
    const podLabels = { constructor: "shop" };
    const guarded = { ...office, except: ["198.41.7.0/24"], podLabels };
    const desk = { ...office, name: "desk", cidr: "198.41.7.128/25", podLabels: { app: "shop" } };
    expect(reports(guarded, desk)).to.have.length(1);
  });

  it("names what one hole excepts and another opens for the same pods and ports", () => {
    const guarded = { ...office, except: ["198.41.7.0/24"] };
    const desk = { ...office, name: "desk", cidr: "198.41.7.128/25" };
    expect(reports(guarded, desk)).to.deep.equal([
      "The hole desk opens 198.41.7.128/25, which the hole office excepts.",
    ]);
    expect(reports(guarded, { ...desk, ports: [{ port: 22 }] })).to.deep.equal([]);
  });
});

function hole(args: Pick<HoleArgs, "direction" | "peer"> & Partial<HoleArgs>): HoleArgs {
  return { name: "web", ports: [{ port: 443 }], reason: "Tests", ...args };
}

function resolve(
  args: Pick<HoleArgs, "direction" | "peer"> & Partial<HoleArgs>,
  protectedCidrs: string[] = [],
): OpenHole {
  const [resolved] = resolvedHoles({
    holes: [hole(args)],
    clusterNetwork,
    protected: { cidrs: protectedCidrs },
  });
  if (resolved === undefined) {
    throw new Error("There is no hole.");
  }
  return resolved.hole;
}

function specOf(
  args: Pick<HoleArgs, "direction" | "peer"> & Partial<HoleArgs>,
): ReturnType<typeof holePolicySpec> {
  return holePolicySpec(resolve(args));
}

function peersOf(
  args: Pick<HoleArgs, "direction" | "peer"> & Partial<HoleArgs>,
  protectedCidrs?: string[],
): unknown {
  const [rule] = holePolicySpec(resolve(args, protectedCidrs)).egress as { to: unknown }[];
  return rule?.to;
}

function reports(...holes: (Pick<HoleArgs, "direction" | "peer"> & Partial<HoleArgs>)[]): string[] {
  const args: NetworkArguments = { now, clusterNetwork, holes: holes.map(hole) };
  expect(networkProblems(args)).to.deep.equal([]);
  return holeReports(resolvedHoles(args), args.holes);
}
