import { type LabelSelector, type Pod } from "#isolation/objects";
import { type ConformanceCase, pod, policy, reaches } from "./case";

const target: Pod = {
  ...pod("x/target", {}),
  spec: {
    containers: [
      { ports: [{ name: "http", containerPort: 8080 }] },
      { ports: [{ name: "dns", containerPort: 53, protocol: "UDP" }] },
    ],
    initContainers: [
      { restartPolicy: "Always", ports: [{ name: "proxy", containerPort: 4143 }] },
      { ports: [{ name: "migrate", containerPort: 9000 }] },
    ],
  },
};
const source: Pod = {
  ...pod("x/source", {}),
  spec: { containers: [{ ports: [{ name: "http", containerPort: 9999 }] }] },
};
const yes = fromSourceToTarget(".");
const no = fromSourceToTarget("X");

/** What the API reference says of single fields: k8s.io/api v0.36.3, networking/v1/types.go. */
export const referenceCases: readonly ConformanceCase[] = [
  {
    name: "protocol: TCP when it is not specified, with a port and without",
    objects: [
      target,
      source,
      policy("x/tcp", { ingress: [{ ports: [{ port: 80 }] }, { ports: [{}] }] }),
    ],
    expected: [
      reaches("TCP", 80, yes),
      reaches("TCP", 7777, yes),
      reaches("UDP", 80, no),
      reaches("SCTP", 80, no),
    ],
  },
  ...(["ingress", "egress"] as const).map((direction): ConformanceCase => ({
    name: `port: a named port of ${direction} is the target's, with its protocol`,
    objects: [
      target,
      source,
      policy("x/named", {
        policyTypes: [direction === "ingress" ? "Ingress" : "Egress"],
        [direction]: [
          {
            ports: [
              { port: "http" },
              { port: "http", protocol: "UDP" },
              { port: "dns" },
              { port: "dns", protocol: "UDP" },
              { port: "unknown" },
            ],
          },
        ],
      }),
    ],
    expected: [
      reaches("TCP", 8080, yes),
      reaches("UDP", 8080, no),
      reaches("UDP", 53, yes),
      reaches("TCP", 53, no),
      reaches("TCP", 9999, no),
    ],
  })),
  {
    name: "port: a sidecar's named port counts, an init container's does not",
    objects: [
      target,
      source,
      policy("x/sidecar", { ingress: [{ ports: [{ port: "proxy" }, { port: "migrate" }] }] }),
    ],
    expected: [reaches("TCP", 4143, yes), reaches("TCP", 9000, no)],
  },
  {
    name: "port: a named port is no port of an address",
    objects: [
      source,
      policy("x/named", { policyTypes: ["Egress"], egress: [{ ports: [{ port: "http" }] }] }),
    ],
    expected: [
      reaches(
        "TCP",
        9999,
        `
                  203.0.113.1
        x/source       X`,
      ),
    ],
  },
  selectorCase("In", { key: "app", operator: "In", values: ["a", "b"] }, ". . X X X"),
  selectorCase("NotIn", { key: "app", operator: "NotIn", values: ["a", "b"] }, "X X . . ."),
  selectorCase("Exists", { key: "app", operator: "Exists" }, ". . . . X"),
  selectorCase("DoesNotExist", { key: "app", operator: "DoesNotExist" }, "X X X X ."),
  {
    name: "matchLabels and matchExpressions: the requirements are ANDed",
    objects: [
      target,
      pod("x/both", { app: "a", tier: "web" }),
      pod("x/first", { app: "a" }),
      pod("x/second", { tier: "web" }),
      policy("x/both", {
        podSelector: {},
        ingress: [
          {
            from: [
              {
                podSelector: {
                  matchLabels: { app: "a" },
                  matchExpressions: [{ key: "tier", operator: "Exists" }],
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
                  x/target
        x/both       .
        x/first      X
        x/second     X`,
      ),
    ],
  },
  ...[{}, { from: [], ports: [] }].map((rule) => ({
    name: `from, ports: ${JSON.stringify(rule)} is not restricted by source or port`,
    objects: [target, source, policy("x/open", { ingress: [rule] })],
    expected: [reaches("TCP", 1, yes), reaches("UDP", 53, yes), reaches("SCTP", 65535, yes)],
  })),
  {
    name: "except: none of several excluded ranges is in the block, and each rule has its own",
    objects: [
      target,
      policy("x/blocks", {
        ingress: [
          {
            from: [
              { ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "10.2.0.0/16"] } },
              { ipBlock: { cidr: "10.2.3.0/24" } },
              { ipBlock: { cidr: "fd00::/8", except: ["fd00:ec2::254/128"] } },
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
                        x/target
        10.0.255.255       .
        10.1.0.0           X
        10.2.255.255       X
        10.2.3.4           .
        10.3.0.0           .
        fd00:ec2::253      .
        fd00:ec2::254      X
        fe00::1            X`,
      ),
    ],
  },
  {
    name: "cidr: a pod of both address families is matched by either address",
    objects: [
      target,
      {
        ...pod("x/dual", {}),
        status: { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }, { ip: "fd00::1" }] },
      },
      pod("x/ipv4", {}, "10.0.0.2"),
      pod("x/unstarted", {}),
      policy("x/ipv6", { ingress: [{ from: [{ ipBlock: { cidr: "::/0" } }] }] }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
                     x/target
        x/dual          .
        x/ipv4          X
        x/unstarted     X`,
      ),
    ],
  },
];

function fromSourceToTarget(cell: "." | "X"): string {
  return `
                  x/target
        x/source     ${cell}`;
}

/** The source's labels: `app` is a, b, c, empty, and missing. */
function selectorCase(
  operator: string,
  requirement: NonNullable<LabelSelector["matchExpressions"]>[number],
  cells: string,
): ConformanceCase {
  const [a, b, c, empty, missing] = cells.split(" ");
  return {
    name: `operator: ${operator}`,
    objects: [
      target,
      pod("x/a", { app: "a" }),
      pod("x/b", { app: "b" }),
      pod("x/c", { app: "c" }),
      pod("x/empty", { app: "" }),
      pod("x/missing", { constructor: "a" }),
      policy("x/selected", {
        podSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] },
        ingress: [{ from: [{ podSelector: { matchExpressions: [requirement] } }] }],
      }),
    ],
    expected: [
      reaches(
        "TCP",
        80,
        `
                  x/target
        x/a          ${a}
        x/b          ${b}
        x/c          ${c}
        x/empty      ${empty}
        x/missing    ${missing}`,
      ),
    ],
  };
}
