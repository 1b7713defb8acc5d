import fc from "fast-check";
import {
  type Container,
  type IsolationObject,
  type Labels,
  type LabelSelector,
  type NetworkPolicy,
  type NetworkPolicyPeer,
  type NetworkPolicyPort,
  type Pod,
} from "#isolation/objects";
import { type Endpoint, type TargetPort } from "#isolation/verdict";

/** Objects of a cluster, with ends and ports between which connections can be judged. */
export interface Scene {
  readonly objects: readonly IsolationObject[];
  readonly endpoints: readonly Endpoint[];
  readonly ports: readonly TargetPort[];
}

const namespaceNames = ["w", "x", "y", "z"] as const;
const nameLabel = "kubernetes.io/metadata.name";
/** `constructor` is a label like any other, and a property that every JavaScript object has. */
const labelKeys = ["app", "role", "constructor"] as const;
const labelValues = ["a", "b", ""] as const;
const portNames = ["http", "dns", "grpc"] as const;
const portNumbers = [80, 81, 8080] as const;
const protocols = ["TCP", "UDP", "SCTP"] as const;
const podAddresses = {
  IPv4: ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9", "10.0.1.1"],
  IPv6: ["fd00::", "fd00::1", "fd00::2", "fd00::3", "fd00::9", "fd00:0:0:1::1"],
} as const;
const addresses = [
  ...podAddresses.IPv4.slice(0, 2),
  ...podAddresses.IPv6.slice(0, 2),
  "10.0.0.7",
  "10.0.0.8",
  "169.254.169.254",
  "255.255.255.255",
  "fd00::7",
  "fd00:ec2::254",
  "2001:db8::1",
] as const;
/** Each range holds all that come after it, so that these may be its exceptions. */
const nestedRanges = {
  IPv4: ["0.0.0.0/0", "10.0.0.0/16", "10.0.0.0/28", "10.0.0.0/30", "10.0.0.2/31", "10.0.0.2/32"],
  IPv6: ["::/0", "fd00::/16", "fd00::/64", "fd00::/126", "fd00::2/127", "fd00::2/128"],
} as const;

/**
 * Scenes of objects that the API takes, in a small world: so few names, labels, addresses and ports
 * that selectors match, ranges cover pods, and policies overlap.
 */
export function anyScene(): fc.Arbitrary<Scene> {
  return fc
    .record({
      namespaces: fc.array(anyNamespace(), { minLength: 2, maxLength: 4, size: "max" }),
      others: fc.uniqueArray(fc.constantFrom(...addresses), {
        minLength: 1,
        maxLength: 3,
      }),
      ports: fc.array(anyTargetPort(), { minLength: 1, maxLength: 2 }),
    })
    .map(({ namespaces, others, ports }) => {
      const objects = namespaces.flatMap((inNamespace, index) =>
        inNamespace(namespaceNames[index] ?? ""),
      );
      const pods = objects.filter(({ kind }) => kind === "Pod");
      const endpoints = [
        ...pods.map(({ metadata }) => ({ pod: `${metadata?.namespace}/${metadata?.name}` })),
        ...others.map((address) => ({ address })),
      ];
      return { objects, endpoints, ports };
    });
}

/** The objects of one namespace, once it has its name. */
type InNamespace = (name: string) => IsolationObject[];

function anyNamespace(): fc.Arbitrary<InNamespace> {
  return fc
    .record({
      isListed: fc.boolean(),
      labels: anyNamespaceLabels(),
      pods: fc.array(anyPod(), { minLength: 1, maxLength: 4 }),
      policies: fc.array(anyPolicySpec(), { maxLength: 5 }),
    })
    .map(({ isListed, labels, pods, policies }) => (name) => [
      ...policies.map((spec, index): IsolationObject => {
        const metadata = { name: `policy-${index}`, namespace: name };
        return { kind: "NetworkPolicy", metadata, spec };
      }),
      ...(isListed ? [{ kind: "Namespace" as const, metadata: { name, labels } }] : []),
      ...pods.map((pod, index): IsolationObject => {
        const metadata = { ...pod.metadata, name: `pod-${index}`, namespace: name };
        return { ...pod, metadata };
      }),
    ]);
}

/** Now and then with a name that another namespace has, which the control plane does not let be. */
function anyNamespaceLabels(): fc.Arbitrary<Labels> {
  const forgedName = fc.constantFrom(...namespaceNames).map((name) => ({ [nameLabel]: name }));
  return fc
    .tuple(anyLabels(), rarely(forgedName, {}))
    .map(([labels, name]) => ({ ...labels, ...name }));
}

function anyPod(): fc.Arbitrary<Pod> {
  return fc.record({
    kind: fc.constant("Pod" as const),
    metadata: fc.record({ labels: anyLabels() }, { requiredKeys: [] }),
    spec: anyPodSpec(),
    status: anyPodStatus(),
  });
}

/** A name is the name of one port among the containers that run together. */
function anyPodSpec(): fc.Arbitrary<Pod["spec"]> {
  return fc
    .record({
      hostNetwork: rarely(fc.constant(true), false),
      ports: anyContainerPorts(),
      sidecarPorts: anyContainerPorts(),
      initPorts: anyContainerPorts(),
    })
    .map(({ hostNetwork, ports, sidecarPorts, initPorts }) => ({
      hostNetwork,
      containers: [{ ports: ports.slice(0, 1) }, { ports: ports.slice(1) }],
      initContainers: [
        {
          restartPolicy: "Always",
          ports: sidecarPorts.filter(({ name }) => ports.every((port) => port.name !== name)),
        },
        { ports: initPorts },
      ],
    }));
}

function anyContainerPorts(): fc.Arbitrary<NonNullable<Container["ports"]>> {
  const port = fc.record(
    {
      name: fc.constantFrom(...portNames),
      containerPort: fc.constantFrom(...portNumbers),
      protocol: fc.constantFrom(...protocols),
    },
    { requiredKeys: ["name", "containerPort"] },
  );
  return fc.uniqueArray(port, { maxLength: 2, selector: ({ name }) => name });
}

/** Of either family or both, and without an address as long as the pod is not started. */
function anyPodStatus(): fc.Arbitrary<Pod["status"]> {
  const ipv4 = fc.constantFrom(...podAddresses.IPv4);
  const ipv6 = fc.constantFrom(...podAddresses.IPv6);
  const addresses = fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 4, arbitrary: fc.tuple(ipv4) },
    { weight: 2, arbitrary: fc.tuple(ipv6) },
    { weight: 2, arbitrary: fc.tuple(ipv4, ipv6) },
    { weight: 1, arbitrary: fc.tuple(ipv6, ipv4) },
  );
  return addresses.map((ips: readonly string[]) =>
    ips[0] === undefined ? {} : { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) },
  );
}

function anyPolicySpec(): fc.Arbitrary<NetworkPolicy["spec"]> {
  const rules = <Rule>(rule: fc.Arbitrary<Rule>) => fc.array(rule, { maxLength: 2 });
  const peers = fc.array(anyPeer(), { maxLength: 2 });
  const ports = fc.array(anyPolicyPort(), { maxLength: 2 });
  return fc.record(
    {
      podSelector: anySelector(),
      policyTypes: fc.subarray(["Ingress", "Egress"]),
      ingress: rules(fc.record({ from: peers, ports }, { requiredKeys: [] })),
      egress: rules(fc.record({ to: peers, ports }, { requiredKeys: [] })),
    },
    { requiredKeys: [] },
  );
}

function anyPeer(): fc.Arbitrary<NetworkPolicyPeer> {
  const selector = anySelector();
  return fc.oneof(
    fc.record({ podSelector: selector }),
    fc.record({ namespaceSelector: fc.oneof(selector, anyNameSelector()) }),
    fc.record({
      podSelector: selector,
      namespaceSelector: fc.oneof(selector, anyNameSelector()),
    }),
    fc.record({ ipBlock: fc.oneof(anyBlock("IPv4"), anyBlock("IPv6")) }),
  );
}

function anyBlock(
  family: keyof typeof nestedRanges,
): fc.Arbitrary<NonNullable<NetworkPolicyPeer["ipBlock"]>> {
  const ranges = nestedRanges[family];
  return fc.nat({ max: ranges.length - 1 }).chain((index) =>
    fc.record(
      {
        cidr: fc.constant(ranges[index]),
        except: fc.shuffledSubarray(ranges.slice(index + 1)),
      },
      { requiredKeys: ["cidr"] },
    ),
  );
}

function anySelector(): fc.Arbitrary<LabelSelector> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant({}) },
    {
      weight: 3,
      arbitrary: fc.record(
        {
          matchLabels: fc.dictionary(fc.constantFrom(...labelKeys), anyLabelValue(), {
            maxKeys: 1,
          }),
          matchExpressions: fc.array(anyRequirement(labelKeys, labelValues), { maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    },
  );
}

function anyNameSelector(): fc.Arbitrary<LabelSelector> {
  return fc.record({
    matchExpressions: fc.tuple(anyRequirement([nameLabel], namespaceNames)),
  });
}

function anyRequirement(
  keys: readonly string[],
  values: readonly string[],
): fc.Arbitrary<NonNullable<LabelSelector["matchExpressions"]>[number]> {
  const key = fc.constantFrom(...keys);
  return fc.oneof(
    fc.record({
      key,
      operator: fc.constantFrom("In", "NotIn"),
      values: fc.subarray([...values], { minLength: 1 }),
    }),
    fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") }),
  );
}

function anyPolicyPort(): fc.Arbitrary<NetworkPolicyPort> {
  const protocol = fc.constantFrom(...protocols);
  const port = fc.constantFrom(...portNumbers);
  const lastPorts = [80, 81, 8079, 8080, 65_535] as const;
  return fc.oneof(
    fc.record({ protocol }, { requiredKeys: [] }),
    fc.record({ protocol, port }, { requiredKeys: ["port"] }),
    fc.record({ protocol, port: fc.constantFrom(...portNames) }, { requiredKeys: ["port"] }),
    fc
      .record(
        { protocol, port, endPort: fc.constantFrom(...lastPorts) },
        { requiredKeys: ["port", "endPort"] },
      )
      .filter((range) => range.endPort >= range.port),
  );
}

function anyTargetPort(): fc.Arbitrary<TargetPort> {
  return fc.record({
    port: fc.constantFrom(...portNumbers, 79, 8079),
    protocol: fc.constantFrom(...protocols),
  });
}

function anyLabels(): fc.Arbitrary<Labels> {
  return fc.dictionary(fc.constantFrom(...labelKeys), anyLabelValue(), { maxKeys: 2 });
}

function anyLabelValue(): fc.Arbitrary<string> {
  return fc.constantFrom(...labelValues);
}

function rarely<T, U>(arbitrary: fc.Arbitrary<T>, otherwise: U): fc.Arbitrary<T | U> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });
}
