import { expect } from "chai";
import fc from "fast-check";
import { isWithin, parseAddress, parseCidr } from "secure-environment/core";
import { createModel, type Openings, type PortRange, type TargetPort } from "#isolation/index";

import {
  denyAll,
  named,
  namespace,
  namespaces,
  pod,
  pods,
  policies,
  policy,
  targetPorts,
  tcp,
} from "./scenes";

const environment = [
  namespace("review"),
  namespace("kube-system"),
  namespace("other"),
  pod("review/web", { app: "web" }, { ips: ["10.0.0.1"], ports: { http: 8080 } }),
  pod("review/db", { app: "db" }, { ips: ["10.0.0.2"] }),
  pod("kube-system/dns", { "k8s-app": "kube-dns" }, { ips: ["10.0.1.1"] }),
  pod("other/app", {}, { ips: ["10.0.2.1"] }),
  policy("review/deny", denyAll),
];

function range(port: number, endPort = port, protocol: TargetPort["protocol"] = "TCP"): PortRange {
  return { protocol, port, endPort };
}

const everyPort = [range(1, 65535, "TCP"), range(1, 65535, "UDP"), range(1, 65535, "SCTP")];

describe("what goes through the walls of a namespace", () => {
  it("is nothing under a default deny", () => {
    const nothing = { addresses: [], pods: [] };
    expect(createModel(environment).reachOf("review")).to.deep.equal({
      ingress: nothing,
      egress: nothing,
      hostNetworkPods: [],
    });
  });

  it("is everything without policies, and no rule is named", () => {
    const objects = environment.filter(({ kind }) => kind !== "NetworkPolicy");
    const open = {
      addresses: [
        {
          pods: ["review/web", "review/db"],
          addresses: ["0.0.0.0/0", "::/0"],
          ports: everyPort,
          by: [],
        },
      ],
      pods: [
        {
          pods: ["review/web", "review/db"],
          otherPods: ["kube-system/dns", "other/app"],
          ports: everyPort,
          by: [],
        },
      ],
    };
    const { ingress, egress } = createModel(objects).reachOf("review");
    expect(ingress).to.deep.equal(open);
    expect(egress).to.deep.equal(open);
  });

  it("is told as the fewest address ranges for each range of ports, with the rules", () => {
    const to = (cidr: string, ...except: string[]) => [{ ipBlock: { cidr, except } }];
    const model = createModel([
      ...environment,
      policy("review/out", {
        podSelector: { matchLabels: { app: "web" } },
        policyTypes: ["Egress"],
        egress: [
          { to: to("192.0.2.0/25"), ports: [{ port: 440, endPort: 450 }] },
          { to: to("192.0.2.128/25"), ports: [{ port: 443 }] },
          {
            to: to("203.0.113.0/24", "203.0.113.128/25"),
            ports: [{ port: 5000, protocol: "UDP" }],
          },
        ],
      }),
    ]);
    expect(model.reachOf("review").egress.addresses).to.deep.equal([
      {
        pods: ["review/web"],
        addresses: ["192.0.2.0/25"],
        ports: [range(440, 442), range(444, 450)],
        by: ["review/out egress[0]"],
      },
      {
        pods: ["review/web"],
        addresses: ["192.0.2.0/24"],
        ports: [range(443)],
        by: ["review/out egress[0]", "review/out egress[1]"],
      },
      {
        pods: ["review/web"],
        addresses: ["203.0.113.0/25"],
        ports: [range(5000, 5000, "UDP")],
        by: ["review/out egress[2]"],
      },
    ]);
  });

  it("names pods of other namespaces that both sides let through, with the rules of both", () => {
    const model = createModel([
      ...environment,
      policy("review/in", {
        podSelector: { matchLabels: { app: "web" } },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ namespaceSelector: named("other") }], ports: [{ port: "http" }] }],
      }),
      policy("other/out", {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ ports: [{ port: 8000, endPort: 9000 }] }],
      }),
      policy("review/dns", {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            to: [{ namespaceSelector: named("kube-system") }],
            ports: [{ port: 53, protocol: "UDP" }],
          },
        ],
      }),
    ]);
    const { ingress, egress } = model.reachOf("review");
    expect(ingress.pods).to.deep.equal([
      {
        pods: ["review/web"],
        otherPods: ["other/app"],
        ports: [range(8080)],
        by: ["other/out egress[0]", "review/in ingress[0]"],
      },
    ]);
    expect(egress.pods).to.deep.equal([
      {
        pods: ["review/web", "review/db"],
        otherPods: ["kube-system/dns"],
        ports: [range(53, 53, "UDP")],
        by: ["review/dns egress[0]"],
      },
    ]);
  });

  it("has the pods on their node's network, which no policy holds", () => {
    const node = pod("review/node", {}, { ips: ["192.168.0.1"], hostNetwork: true });
    const { hostNetworkPods, egress } = createModel([...environment, node]).reachOf("review");
    expect(hostNetworkPods).to.deep.equal(["review/node"]);
    expect(egress.addresses[0]?.pods).to.deep.equal(["review/node"]);
  });

  it("is what the verdicts say, in any scene", () => {
    fc.assert(
      fc.property(namespaces, pods, policies, (namespaces, pods, policies) => {
        const model = createModel([...namespaces, ...pods, ...policies]);
        const reach = model.reachOf("a");
        const names = pods.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
        const inside = names.filter((name) => name.startsWith("a/"));
        const others = names.filter((name) => !name.startsWith("a/"));
        for (const port of targetPorts) {
          for (const pod of inside.map((pod) => ({ pod }))) {
            for (const other of others) {
              const end = { pod: other };
              expect(isOpen(reach.egress, pod.pod, other, port)).to.equal(
                model.verdict(pod, end, port).allowed,
              );
              expect(isOpen(reach.ingress, pod.pod, other, port)).to.equal(
                model.verdict(end, pod, port).allowed,
              );
            }
            for (const address of ["10.0.0.7", "10.0.0.200", "192.0.2.1", "fd00::7"]) {
              expect(isOpen(reach.egress, pod.pod, address, port)).to.equal(
                model.verdict(pod, { address }, port).allowed,
              );
              expect(isOpen(reach.ingress, pod.pod, address, port)).to.equal(
                model.verdict({ address }, pod, port).allowed,
              );
            }
          }
        }
      }),
    );
  });
});

function isOpen(openings: Openings, pod: string, other: string, target: TargetPort): boolean {
  const address = parseAddress(other);
  const isOnPort = (ports: readonly PortRange[]) =>
    ports.some(
      ({ protocol, port, endPort }) =>
        protocol === target.protocol && port <= target.port && target.port <= endPort,
    );
  return (
    openings.pods.some(
      ({ pods, otherPods, ports }) =>
        pods.includes(pod) && otherPods.includes(other) && isOnPort(ports),
    ) ||
    openings.addresses.some(
      ({ pods, addresses, ports }) =>
        pods.includes(pod) &&
        isOnPort(ports) &&
        addresses.some((cidr) => address !== undefined && isWithin(address, parseCidr(cidr)!)),
    )
  );
}

describe("the pods behind a service", () => {
  const service = (spec: object) => ({
    kind: "Service" as const,
    metadata: { namespace: "review", name: "web" },
    spec,
  });
  const objects = [
    ...environment,
    pod("review/web-2", { app: "web" }, { ports: { http: 9090 } }),
    pod("review/web-3", { app: "web" }),
    policy("review/in", {
      podSelector: { matchLabels: { app: "web" } },
      policyTypes: ["Ingress"],
      ingress: [{ ports: [{ port: 8080 }] }],
    }),
  ];
  const outside = { address: "203.0.113.1" };

  it("are judged each on the number that the port's name has there", () => {
    const ports = [{ port: 80, targetPort: "http" }];
    const model = createModel([...objects, service({ selector: { app: "web" }, ports })]);
    const verdict = model.serviceVerdict(outside, "review/web", tcp(80));
    expect(verdict.allowed).to.be.true;
    expect(
      verdict.pods.map(({ pod, port, verdict }) => [pod, port, verdict?.allowed]),
    ).to.deep.equal([
      ["review/web", 8080, true],
      ["review/web-2", 9090, false],
      ["review/web-3", undefined, undefined],
    ]);
  });

  it("are reached on the service's own port when it names no other", () => {
    const model = createModel([
      ...objects,
      service({ selector: { app: "web" }, ports: [{ port: 80 }] }),
    ]);
    const verdict = model.serviceVerdict(outside, "review/web", tcp(80));
    expect(verdict.allowed).to.be.false;
    expect(verdict.pods.map(({ port }) => port)).to.deep.equal([80, 80, 80]);
  });

  it("are nobody knows which without a selector that can be read, so it counts as open", () => {
    for (const spec of [
      { ports: [{ port: 80 }] },
      { selector: {}, ports: [{ port: 80 }] },
      { selector: { app: Symbol("unknown") }, ports: [{ port: 80 }] },
      { type: "ExternalName", selector: { app: "web" } },
      { selector: { app: "web" }, ports: [{ port: 80, targetPort: {} }] },
    ]) {
      const model = createModel([...objects, service(spec)]);
      expect(model.serviceVerdict(outside, "review/web", tcp(80))).to.deep.equal({
        allowed: true,
        backing: "unknown",
        pods: [],
      });
    }
  });

  it("are refused for a service or a port that is not there", () => {
    const ports = [{ port: 80, protocol: "UDP" }];
    const model = createModel([service({ selector: { app: "web" }, ports })]);
    expect(() => model.serviceVerdict(outside, "review/none", tcp(80))).to.throw(RangeError);
    expect(() => model.serviceVerdict(outside, "review/web", tcp(80))).to.throw(RangeError, "TCP");
  });
});
